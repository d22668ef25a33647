"""IDX, the format of MNIST's files (LeCun, Cortes, Burges, "The MNIST database of handwritten digits")."""

import struct

import numpy as np

from app.labelled.errors import DataInvalid
from app.types import Array


def parse_idx(content: bytes) -> Array:
    """The uint8 array of an IDX file: magic number 8 and the dimensions as big-endian integers, then the values."""
    dimensions = content[3] if len(content) > 3 else 0
    header = 4 + 4 * dimensions
    if content[:3] != b"\x00\x00\x08" or len(content) < header:
        raise DataInvalid(f"expected an IDX file of bytes (magic 0x000008..); received 0x{content[:4].hex()}")
    shape = struct.unpack(f">{dimensions}I", content[4:header])
    values = np.frombuffer(content, np.uint8, offset=header)
    if values.size != np.prod(shape, dtype=np.int64):
        raise DataInvalid(f"expected {shape} values after the IDX header; received {values.size}")
    return values.reshape(shape)


def format_idx(array: Array) -> bytes:
    """The IDX file of an array, its values as uint8."""
    header = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()
