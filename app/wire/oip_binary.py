"""A body of the binary tensor extension: a JSON object, then the bytes of the tensors in the object's order.

After triton-inference-server/server, docs/protocol/extension_binary_data.md.
"""

from collections.abc import Sequence

import numpy as np

from app.errors import BodyMalformed, InputInvalid
from app.types import Array
from app.wire.oip_tensors import bytes_of_array, checked_array

LENGTH_HEADER = "Inference-Header-Content-Length"

Chunk = bytes | memoryview
"""Some bytes of a body, which are not copied before they are written."""


def header_length_of(given: bytes | None, body_bytes: int) -> int | None:
    """The length of the JSON object, from the header that tells it; None where the whole body is JSON.

    Raises `BodyMalformed` for anything but a number of bytes that the body has.
    """
    if given is None:
        return None
    if not (given.isdigit() and len(given) <= 18 and int(given) <= body_bytes):
        received = repr(given[:32].decode("latin-1"))
        raise BodyMalformed(f"expected 0 to {body_bytes} bytes in {LENGTH_HEADER}; received {received}")
    return int(given)


class Tail:
    """The bytes after the JSON object; each tensor takes its part from the front."""

    def __init__(self, data: memoryview) -> None:
        self._rest = data

    def take(self, size: int, datatype: str, shape: Sequence[int], pointer: str) -> Array:
        """The next `size` bytes as a tensor, a view where they lie as the processor wants them; raises `InputInvalid`.

        `size` is what the request claims, and what `check_bytes` has found right: nothing is reserved for it.
        """
        if size > len(self._rest):
            raise InputInvalid.at(pointer, f"{size} bytes of binary data", f"{len(self._rest)} bytes that are left")
        part, self._rest = self._rest[:size], self._rest[size:]
        array = checked_array(part, datatype, shape, pointer)
        # Engines may assume aligned numbers; the JSON before them can have any length.
        return array if array.flags.aligned else array.copy()

    def finish(self) -> None:
        """Raise `BodyMalformed` where bytes are left that belong to no tensor."""
        if self._rest:
            left = f"{len(self._rest)} bytes that belong to no input"
            raise BodyMalformed(f"expected binary data for the inputs with a binary_data_size; received {left}")


def chunk_of(array: Array) -> Chunk:
    """A tensor's bytes: where it holds numbers that lie row by row, they are not copied."""
    if array.dtype.kind in "OSU" or not array.flags.c_contiguous or not array.size:
        return bytes_of_array(array)
    return array.reshape(-1).view(np.uint8).data
