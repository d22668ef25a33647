"""The Open Inference Protocol's tensors as bytes: little-endian, row by row; strings each after their length.

After triton-inference-server/server, docs/protocol/extension_binary_data.md.
"""

import math
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np

from app.errors import InputInvalid
from app.types import Array

DATATYPES = {
    "bool": "BOOL",
    "uint8": "UINT8",
    "uint16": "UINT16",
    "uint32": "UINT32",
    "uint64": "UINT64",
    "int8": "INT8",
    "int16": "INT16",
    "int32": "INT32",
    "int64": "INT64",
    "float16": "FP16",
    "float32": "FP32",
    "float64": "FP64",
    "string": "BYTES",
}
"""The protocol's name of each dtype."""

DTYPES = {datatype: np.dtype(dtype) for dtype, datatype in DATATYPES.items() if dtype != "string"}
"""numpy's dtype of each datatype; strings have none."""

_NAMES = {dtype: datatype for datatype, dtype in DTYPES.items()}

MAX_RANK = 32
MAX_ELEMENTS = 2**48
"""More no tensor claims in earnest; what is claimed is never reserved."""

_LENGTH = struct.Struct("<I")


def datatype_of(array: Array) -> str:
    """The protocol's name of an array's dtype."""
    return _NAMES.get(array.dtype, "BYTES")


def check_datatype(datatype: str, pointer: str) -> None:
    """Raise `InputInvalid` for a datatype that no tensor here can have."""
    if datatype not in DTYPES and datatype != "BYTES":
        raise InputInvalid.at(pointer, f"one of the datatypes {', '.join(DATATYPES.values())}", repr(datatype[:64]))


def elements_of(shape: Sequence[int], pointer: str) -> int:
    """The number of elements in a shape; raises `InputInvalid` for a shape that no tensor has.

    Sizes beside a 0 count too: no array can have any of them.
    """
    if len(shape) > MAX_RANK or any(size < 0 for size in shape):
        raise InputInvalid.at(pointer, f"a shape of at most {MAX_RANK} sizes from 0", str(list(shape[:16]))[:64])
    if math.prod(max(size, 1) for size in shape) > MAX_ELEMENTS:
        raise InputInvalid.at(pointer, f"at most {MAX_ELEMENTS:,} elements", str(list(shape))[:64])
    return math.prod(shape)


def array_of_bytes(data: bytes | memoryview, datatype: str, shape: Sequence[int], pointer: str) -> Array:
    """The tensor that lies in `data`: a view where it holds numbers, an array of objects where it holds strings.

    Raises `InputInvalid` where datatype, shape and the number of bytes do not fit each other.
    """
    check_bytes(len(data), datatype, shape, pointer)
    return checked_array(data, datatype, shape, pointer)


def check_bytes(size: int, datatype: str, shape: Sequence[int], pointer: str) -> None:
    """Raise `InputInvalid` where a tensor of this datatype and shape cannot take so many bytes."""
    check_datatype(datatype, pointer)
    count = elements_of(shape, pointer)
    if datatype != "BYTES" and count * DTYPES[datatype].itemsize != size:
        expected = f"{count * DTYPES[datatype].itemsize} bytes for {list(shape)} {datatype}"
        raise InputInvalid.at(pointer, expected, f"{size} bytes")


def checked_array(data: bytes | memoryview, datatype: str, shape: Sequence[int], pointer: str) -> Array:
    """`array_of_bytes` of so many bytes as `check_bytes` has found right; raises for what is wrong inside them."""
    if datatype == "BYTES":
        return objects(_strings(data, math.prod(shape), pointer), shape)
    if datatype == "BOOL" and np.frombuffer(data, np.uint8).max(initial=0) > 1:
        raise InputInvalid.at(pointer, "bytes of 0 or 1 for BOOL", "another byte")
    return np.frombuffer(data, DTYPES[datatype]).reshape(shape)


def bytes_of_array(array: Array) -> bytes:
    """A tensor's bytes, as `array_of_bytes` reads them."""
    if array.dtype.kind not in "OSU":
        return array.tobytes()
    parts = []
    for text in map(encoded, array.ravel().tolist()):
        parts += [_LENGTH.pack(len(text)), text]
    return b"".join(parts)


def objects(texts: Sequence[bytes], shape: Sequence[int]) -> Array:
    """Strings as a tensor of this shape: text where the bytes are UTF-8, which is what runtimes take, else bytes."""
    array = np.empty(len(texts), object)
    array[:] = [decoded(text) for text in texts]
    return array.reshape(shape)


def numbers(values: Sequence[Any], dtype: "np.dtype[np.generic]", pointer: str) -> Array:
    """A message's list of numbers, often wider than the tensor's dtype; raises `InputInvalid` for one beyond it."""
    array = np.asarray(values)
    if dtype.kind in "iu" and array.size and array.dtype.kind in "iu":
        limits = np.iinfo(dtype.name)
        if int(array.min()) < limits.min or int(array.max()) > limits.max:
            raise InputInvalid.at(pointer, f"{dtype.name} from {limits.min} to {limits.max}", "a number beyond that")
    return array.astype(dtype, copy=False)


def encoded(text: str | bytes) -> bytes:
    """A string's bytes."""
    return text.encode() if isinstance(text, str) else text


def decoded(text: bytes) -> str | bytes:
    """A string as text, where it is one."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text


def _strings(data: bytes | memoryview, count: int, pointer: str) -> list[bytes]:
    """So many strings, each after its length; raises `InputInvalid` where there are more or fewer bytes."""
    texts: list[bytes] = []
    start = 0
    while start + _LENGTH.size <= len(data) and len(texts) < count:
        (length,) = _LENGTH.unpack_from(data, start)
        start += _LENGTH.size + length
        texts.append(bytes(data[start - length : start]))
    if len(texts) != count or start != len(data):
        received = f"{len(data)} bytes that hold {len(texts)} strings and end at byte {start}"
        raise InputInvalid.at(pointer, f"{count} strings, each after its length in 4 bytes", received)
    return texts
