"""Tensors as JSON has them: nested lists to arrays of one dtype; nothing is cut or wrapped on the way."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from pydantic_core import from_json

from app.errors import BodyMalformed, InputInvalid
from app.nested import leaf_types, rectangle_of
from app.types import Array
from app.wire.oip_tensors import MAX_RANK

LEAVES: dict[str, tuple[set[type], str]] = {
    "b": ({bool}, "true or false"),
    "i": ({int}, "whole numbers"),
    "u": ({int}, "whole numbers"),
    "f": ({int, float}, "numbers"),
    "O": ({str, bytes}, "strings"),
}
"""By the kind of a dtype, what lists may hold, and how people call it."""


def json_of(body: bytes) -> Any:
    """What JSON says, where `NaN`, `Infinity` and `-Infinity` are numbers too; raises `BodyMalformed`."""
    try:
        return from_json(body)
    except ValueError as error:
        raise BodyMalformed(f"expected a JSON object of {len(body)} bytes; received something else: {error}") from None


def array_of_lists(values: Any, dtype: "np.dtype[Any]", named: str, pointer: str, *, is_exact: bool = False) -> Array:
    """Nested lists, or one value, as an array of this dtype, which the caller calls `named`; strings are objects.

    Raises `InputInvalid` for ragged lists, for values of another type or beyond the dtype, and, where it shall be
    `is_exact`, for whole numbers that a float rounds.
    """
    rectangle = rectangle_of(values)
    accepted, called = LEAVES[dtype.kind]
    kinds = leaf_types(values) if rectangle is None else rectangle.kinds
    if not kinds <= accepted:
        received = ", ".join(sorted(kind.__name__ for kind in kinds - accepted))
        raise InputInvalid.at(pointer, f"{called} for {named}", received)
    if rectangle is None:
        raise InputInvalid.at(pointer, "lists of equal length", "ragged lists")
    if len(rectangle.shape) > MAX_RANK:
        raise InputInvalid.at(pointer, f"at most {MAX_RANK} levels of lists", str(len(rectangle.shape)))
    beyond = InputInvalid.at(pointer, f"values within {named}", "a value beyond it")
    leaves = rectangle.leaves
    array = _floats(leaves, dtype, beyond) if dtype.kind == "f" else _others(leaves, dtype, beyond)
    if is_exact and dtype.kind == "f":
        _refuse_rounding(leaves, array, pointer)
    return array.reshape(rectangle.shape)


def refuse_overflow(arrays: Iterable[Array], body: bytes, pointer: str) -> None:
    """Raise `InputInvalid` where a number of a JSON body is infinite that was not written so, such as 1e400."""
    infinite = sum(np.count_nonzero(np.isinf(array)) for array in arrays if array.dtype.kind == "f")
    if infinite and infinite > body.count(b"Infinity"):
        raise InputInvalid.at(pointer, "numbers that a float can hold", "a number beyond that")


def _floats(leaves: list[Any], dtype: "np.dtype[Any]", beyond: InputInvalid) -> Array:
    """Numbers in a dtype of floats; raises `beyond` for one that becomes infinite."""
    try:
        wide = np.array(leaves, np.float64)
    except OverflowError:
        raise beyond from None
    with np.errstate(over="ignore"):
        array = wide.astype(dtype)
    if np.count_nonzero(np.isinf(array)) != np.count_nonzero(np.isinf(wide)):
        raise beyond
    return array


def _others(leaves: list[Any], dtype: "np.dtype[Any]", beyond: InputInvalid) -> Array:
    """Whole numbers, truths or strings in their dtype; raises `beyond` for a number that it cannot hold."""
    if dtype.kind not in "iu":
        return np.array(leaves, dtype)
    wide = np.array(leaves)
    if wide.size:
        # Numbers on both sides of 2**63 have no common type but Python's own.
        wide = wide if wide.dtype.kind in "iu" else np.array(leaves, object)
        limits = np.iinfo(dtype)
        if wide.min() < limits.min or wide.max() > limits.max:
            raise beyond
    return wide.astype(dtype, copy=False)


def _refuse_rounding(leaves: list[Any], array: Array, pointer: str) -> None:
    """Raise `InputInvalid` where a whole number is too large for the float to hold every one up to it."""
    largest = 2 ** (np.finfo(array.dtype).nmant + 1) - 1
    if (np.abs(array) > largest).any() and any(type(leaf) is int and abs(leaf) > largest for leaf in leaves):
        expected = f"whole numbers up to {largest} for {array.dtype.name}; write larger ones with a point"
        raise InputInvalid.at(pointer, expected, "a number that it cannot hold exactly")
