"""Bodies that are compressed on their way: gzip and deflate, unpacked within a bound."""

import asyncio
import zlib

from app.errors import BodyMalformed, MediaUnsupported, TooLarge
from app.service import INLINE_BYTES

WINDOW = {b"gzip": 16 + zlib.MAX_WBITS, b"deflate": zlib.MAX_WBITS}
"""zlib's name of each encoding: the gzip format, and its own, which is what HTTP calls deflate (RFC 9110, 8.4.1.2)."""

PART_BYTES = 2**20
LEVEL = 1
"""Tensors hardly shrink more at a higher one, which takes several times as long."""


async def unpacked(data: bytes, encoding: bytes | None, max_bytes: int) -> bytes:
    """The body as it was before its Content-Encoding; large ones are unpacked on a thread.

    Raises `MediaUnsupported` for an encoding that is not known, `TooLarge` as soon as more than `max_bytes` come out,
    `BodyMalformed` where the data are damaged or end too early.
    """
    name = (encoding or b"identity").strip().lower()
    if name == b"identity":
        return data
    if name not in WINDOW:
        received = repr(name[:64].decode("latin-1"))
        raise MediaUnsupported(f"expected gzip, deflate or no Content-Encoding; received {received}")
    if len(data) <= INLINE_BYTES:
        return _unpack(data, WINDOW[name], max_bytes)
    return await asyncio.to_thread(_unpack, data, WINDOW[name], max_bytes)


def asked_encoding(accepted: bytes | None) -> bytes | None:
    """The encoding that an answer must have: the one that Accept-Encoding names, where it names no other.

    Clients that list all that they can read do not ask for the time that compressing takes.
    """
    name = (accepted or b"").partition(b";")[0].strip().lower()
    return name if name in WINDOW and b"," not in (accepted or b"") else None


async def packed(data: bytes, encoding: bytes) -> bytes:
    """The body in an encoding; large ones are compressed on a thread."""
    if len(data) <= INLINE_BYTES:
        return zlib.compress(data, LEVEL, WINDOW[encoding])
    return await asyncio.to_thread(zlib.compress, data, LEVEL, WINDOW[encoding])


def _unpack(data: bytes, window: int, max_bytes: int) -> bytes:
    """The data, a part at a time, so that no bomb gets further than its bound."""
    unpacker = zlib.decompressobj(window)
    parts = bytearray()
    try:
        parts += unpacker.decompress(data, PART_BYTES)
        while not unpacker.eof and len(parts) <= max_bytes:
            part = unpacker.decompress(unpacker.unconsumed_tail, PART_BYTES)
            if not part:
                break
            parts += part
    except zlib.error as error:
        raise BodyMalformed(f"expected the Content-Encoding's data; received something else: {error}") from None
    if len(parts) > max_bytes:
        raise TooLarge(f"expected a body of at most {max_bytes:,} bytes unpacked; received more; send less at once")
    if not unpacker.eof or unpacker.unused_data:
        received = "data that end too early" if not unpacker.eof else "data after their end"
        raise BodyMalformed(f"expected the whole of the compressed data and nothing else; received {received}")
    return bytes(parts)
