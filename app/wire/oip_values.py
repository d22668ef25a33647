"""The Open Inference Protocol's tensors as JSON: nested or flat lists, row by row.

After kserve/open-inference-protocol, specification/protocol/inference_rest.md, Tensor Data.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.errors import InputInvalid
from app.nested import leaf_types
from app.types import Array
from app.wire.oip_tensors import DTYPES, check_datatype, elements_of

LEAVES: dict[str, tuple[set[type], str]] = {
    "b": ({bool}, "true or false"),
    "i": ({int}, "whole numbers"),
    "u": ({int}, "whole numbers"),
    "f": ({int, float}, "numbers"),
    "O": ({str}, "strings"),
}
"""By the kind of a dtype, what lists may hold, and how people call it."""


def array_of_values(values: Any, datatype: str, shape: Sequence[int], pointer: str) -> Array:
    """The tensor that lists hold, flat or nested as the shape says; nothing is rounded, cut or wrapped.

    Raises `InputInvalid` where values, datatype and shape do not fit each other.
    """
    check_datatype(datatype, pointer)
    count = elements_of(shape, pointer)
    dtype = DTYPES.get(datatype, np.dtype(object))
    if not isinstance(values, list):
        raise InputInvalid.at(pointer, "a list as data", type(values).__name__)
    accepted, named = LEAVES[dtype.kind]
    kinds = leaf_types(values)
    if not kinds <= accepted:
        received = ", ".join(sorted(kind.__name__ for kind in kinds - accepted))
        raise InputInvalid.at(pointer, f"{named} for {datatype}", received)
    array = _array(values, dtype, datatype, pointer)
    is_nested = array.ndim != 1
    if array.size != count or (is_nested and list(array.shape) != list(shape)):
        received = f"values of the shape {list(array.shape)}" if is_nested else f"{array.size} values"
        raise InputInvalid.at(pointer, f"{count} values for {list(shape)} {datatype}", received)
    return array.reshape(shape)


def values_of_array(array: Array, name: str) -> list[Any]:
    """The tensor as a flat list, row by row; raises `InputInvalid` for strings that are no text."""
    values: list[Any] = array.ravel().tolist()
    if array.dtype.kind in "OS":
        try:
            return [value.decode() if isinstance(value, bytes) else value for value in values]
        except UnicodeDecodeError:
            raise InputInvalid.at(f"/outputs/{name}", "binary_data for bytes that are no UTF-8", "JSON") from None
    return values


def _array(values: list[Any], dtype: "np.dtype[Any]", datatype: str, pointer: str) -> Array:
    """The lists as an array of this dtype; raises `InputInvalid` for ragged lists and numbers beyond the dtype."""
    beyond = InputInvalid.at(pointer, f"values within {datatype}", "a value beyond it")
    try:
        wide = np.array(values, {"f": np.float64, "O": object, "b": bool}.get(dtype.kind))
    except OverflowError:
        raise beyond from None
    except ValueError:
        raise InputInvalid.at(pointer, "lists of equal length", "ragged lists") from None
    if dtype.kind == "O" and list in set(map(type, wide.ravel())):
        raise InputInvalid.at(pointer, "lists of equal length", "ragged lists")
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
