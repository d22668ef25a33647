"""Nested lists, as JSON has tensors; walked level by level, so that no depth is too deep."""

from itertools import chain
from typing import Any, NamedTuple


class Rectangle(NamedTuple):
    """What lists of equal length hold: their shape, the leaves in order, and the types of those."""

    shape: tuple[int, ...]
    leaves: list[Any]
    kinds: set[type]


def rectangle_of(values: Any) -> Rectangle | None:
    """Nested lists as a rectangle, any other value as one without sides; None where lengths or depths differ."""
    level: list[Any] = [values]
    shape: list[int] = []
    while list in (kinds := set(map(type, level))):
        lengths = set(map(len, level)) if len(kinds) == 1 else ()
        if len(lengths) != 1:
            return None
        shape += lengths
        level = list(chain.from_iterable(level))
    return Rectangle(tuple(shape), level, kinds)


def leaf_types(values: list[Any]) -> set[type]:
    """The types of what nested lists hold."""
    kinds: set[type] = set()
    level = values
    while list in (found := set(map(type, level))):
        kinds |= found - {list}
        level = list(chain.from_iterable(value for value in level if type(value) is list))
    return kinds | found
