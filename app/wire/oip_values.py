"""The Open Inference Protocol's tensors as JSON: nested or flat lists, row by row.

After kserve/open-inference-protocol, specification/protocol/inference_rest.md, Tensor Data.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.errors import InputInvalid
from app.types import Array
from app.wire.json_tensors import array_of_lists
from app.wire.oip_tensors import DTYPES, check_datatype, elements_of


def array_of_values(values: Any, datatype: str, shape: Sequence[int], pointer: str) -> Array:
    """The tensor that lists hold, flat or nested as the shape says; nothing is rounded, cut or wrapped.

    Raises `InputInvalid` where values, datatype and shape do not fit each other.
    """
    check_datatype(datatype, pointer)
    count = elements_of(shape, pointer)
    if not isinstance(values, list):
        raise InputInvalid.at(pointer, "a list as data", type(values).__name__)
    array = array_of_lists(values, DTYPES.get(datatype, np.dtype(object)), datatype, pointer)
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
