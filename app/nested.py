"""Nested lists, as JSON has tensors."""

from typing import Any


def leaf_types(values: list[Any]) -> set[type]:
    """The types of what nested lists hold."""
    kinds = set(map(type, values))
    if list in kinds:
        kinds.remove(list)
        kinds.update(*(leaf_types(value) for value in values if type(value) is list))
    return kinds
