"""TensorFlow's `TensorProto` and arrays.

After tensorflow/tensorflow, tensorflow/core/framework/tensor.proto and tensor.cc: numbers stand in `tensor_content` or
in the field of their type, where a shorter list repeats its last value.
"""

import math

import numpy as np

from app.errors import InputInvalid, TooLarge
from app.types import Array
from app.wire.oip_tensors import elements_of, encoded, numbers, objects
from app.wire.protos import tensorflow_pb2 as tf
from app.wire.protos.tensorflow_pb2 import TensorProto

DTYPES = {
    tf.DT_FLOAT: ("float32", "float_val"),
    tf.DT_DOUBLE: ("float64", "double_val"),
    tf.DT_HALF: ("float16", "half_val"),
    tf.DT_INT8: ("int8", "int_val"),
    tf.DT_INT16: ("int16", "int_val"),
    tf.DT_INT32: ("int32", "int_val"),
    tf.DT_INT64: ("int64", "int64_val"),
    tf.DT_UINT8: ("uint8", "int_val"),
    tf.DT_UINT16: ("uint16", "int_val"),
    tf.DT_UINT32: ("uint32", "uint32_val"),
    tf.DT_UINT64: ("uint64", "uint64_val"),
    tf.DT_BOOL: ("bool", "bool_val"),
    tf.DT_STRING: ("string", "string_val"),
}
"""The dtype and the field of each of TensorFlow's types that a served model can have."""

TYPES = {dtype: (kind, field) for kind, (dtype, field) in DTYPES.items()}
"""The other way round."""


def array_of(tensor: TensorProto, pointer: str, max_bytes: int) -> Array:
    """The tensor as an array: a view of `tensor_content` where the numbers stand there; strings as objects.

    Raises `InputInvalid` where type, shape and values do not fit each other, `TooLarge` where a short list would be
    repeated into more than `max_bytes`.
    """
    if tensor.dtype not in DTYPES:
        known = ", ".join(tf.DataType.Name(kind) for kind in DTYPES)
        raise InputInvalid.at(f"{pointer}/dtype", f"one of {known}", _name(tensor.dtype))
    dtype, field = DTYPES[tensor.dtype]
    shape = _shape(tensor, pointer)
    count = math.prod(shape)
    values = getattr(tensor, field)
    if dtype == "string":
        if len(values) != count:
            raise InputInvalid.at(pointer, f"{count} strings in string_val for {shape}", f"{len(values)} strings")
        return objects(values, shape)
    if tensor.tensor_content:
        return _view(tensor.tensor_content, np.dtype(dtype), shape, pointer)
    if len(values) > count:
        raise InputInvalid.at(pointer, f"at most {count} values in {field} for {shape}", f"{len(values)} values")
    if count > len(values) and count * np.dtype(dtype).itemsize > max_bytes:
        raise TooLarge(f"{pointer}: expected at most {max_bytes:,} bytes; received the shape {shape} of {dtype}")
    stored = np.dtype(np.uint16 if dtype == "float16" else dtype)  # a half's bits stand in an integer
    return _filled(numbers(values, stored, pointer), count).view(dtype).reshape(shape)


def fill(tensor: TensorProto, array: Array) -> None:
    """Put an array into an empty tensor as TensorFlow Serving answers it: in the field of its type."""
    dtype = "string" if array.dtype.kind in "OSU" else array.dtype.name
    kind, field = TYPES[dtype]
    tensor.dtype = kind
    for size in array.shape:
        tensor.tensor_shape.dim.add(size=size)
    if dtype == "string":
        tensor.string_val.extend(map(encoded, array.ravel().tolist()))
    elif dtype in ("float32", "float64"):
        tensor.MergeFromString(_packed(TensorProto.DESCRIPTOR.fields_by_name[field].number, array.tobytes()))
    else:
        bits = array.view(np.uint16) if dtype == "float16" else array
        getattr(tensor, field).extend(bits.ravel().tolist())


def _shape(tensor: TensorProto, pointer: str) -> list[int]:
    """The tensor's shape; raises `InputInvalid` for one that is not known."""
    shape = [dim.size for dim in tensor.tensor_shape.dim]
    if tensor.tensor_shape.unknown_rank:
        raise InputInvalid.at(f"{pointer}/tensor_shape", "a shape of sizes from 0", "an unknown rank")
    elements_of(shape, f"{pointer}/tensor_shape")
    return shape


def _view(content: bytes, dtype: "np.dtype[np.generic]", shape: list[int], pointer: str) -> Array:
    """The numbers where they lie."""
    size = math.prod(shape) * dtype.itemsize
    if len(content) != size:
        raise InputInvalid.at(
            f"{pointer}/tensor_content", f"{size} bytes for {shape} {dtype.name}", f"{len(content)} bytes"
        )
    return np.frombuffer(content, dtype).reshape(shape)


def _filled(values: Array, count: int) -> Array:
    """So many values, the last one repeated; zeros where there is none."""
    missing = count - len(values)
    return np.pad(values, (0, missing), mode="edge" if len(values) else "constant") if missing else values


def _packed(number: int, data: bytes) -> bytes:
    """A packed field of floats as it goes over the wire, which is how they lie in memory.

    Protocol buffers' encoding: the field's number and wire type 2, the length as a varint, the bytes. From a list of
    Python's numbers the same takes 300 times as long.
    """
    head, length = bytearray([number << 3 | 2]), len(data)
    while length > 0x7F:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    head.append(length)
    return bytes(head) + data


def _name(kind: int) -> str:
    """A type as TensorFlow names it, or its number."""
    return tf.DataType.Name(kind) if kind in tf.DataType.values() else str(kind)
