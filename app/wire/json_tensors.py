"""Tensors as JSON has them: nested lists to arrays of one dtype; nothing is cut or wrapped on the way."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from pydantic_core import from_json

from app.errors import BodyMalformed, InputInvalid
from app.nested import leaf_types
from app.types import Array

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


def array_of_lists(values: Any, dtype: "np.dtype[Any]", named: str, pointer: str) -> Array:
    """Nested lists, or one value, as an array of this dtype, which the caller calls `named`; strings are objects.

    Raises `InputInvalid` for ragged lists, and for values of another type or beyond the dtype.
    """
    accepted, called = LEAVES[dtype.kind]
    kinds = leaf_types(values if isinstance(values, list) else [values])
    if not kinds <= accepted:
        received = ", ".join(sorted(kind.__name__ for kind in kinds - accepted))
        raise InputInvalid.at(pointer, f"{called} for {named}", received)
    beyond = InputInvalid.at(pointer, f"values within {named}", "a value beyond it")
    wide = _wide(values, dtype, beyond, pointer)
    if dtype.kind in "iu" and wide.size:
        # Numbers on both sides of 2**63 have no common type but Python's own.
        wide = wide if wide.dtype.kind in "iu" else np.array(values, object)
        limits = np.iinfo(dtype)
        if wide.min() < limits.min or wide.max() > limits.max:
            raise beyond
    if dtype.kind != "f":
        return wide.astype(dtype, copy=False)
    with np.errstate(over="ignore"):
        array = wide.astype(dtype)
    if np.count_nonzero(np.isinf(array)) != np.count_nonzero(np.isinf(wide)):
        raise beyond
    return array


def refuse_overflow(arrays: Iterable[Array], body: bytes, pointer: str) -> None:
    """Raise `InputInvalid` where a number of a JSON body is infinite that was not written so, such as 1e400."""
    infinite = sum(np.count_nonzero(np.isinf(array)) for array in arrays if array.dtype.kind == "f")
    if infinite and infinite > body.count(b"Infinity"):
        raise InputInvalid.at(pointer, "numbers that a float can hold", "a number beyond that")


def _wide(values: Any, dtype: "np.dtype[Any]", beyond: InputInvalid, pointer: str) -> Array:
    """The lists as an array of the widest dtype of their kind; raises `beyond`, and `InputInvalid` for ragged ones."""
    try:
        wide = np.array(values, {"f": np.float64, "O": object, "b": bool}.get(dtype.kind))
    except OverflowError:
        raise beyond from None
    except ValueError:
        raise InputInvalid.at(pointer, "lists of equal length", "ragged lists") from None
    if dtype.kind == "O" and list in set(map(type, wide.ravel())):
        raise InputInvalid.at(pointer, "lists of equal length", "ragged lists")
    return wide
