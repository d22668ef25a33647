"""A PNG file of an array's bytes (W3C, Portable Network Graphics, 3rd edition), so that nobody needs Pillow for it."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREYSCALE, RGB = 0, 2
FASTEST = 1


def png(levels: bytes, width: int, height: int, channels: int) -> bytes:
    """The file of `levels`, one byte each, row by row; `channels` is 1 for greyscale, 3 for RGB."""
    stride = width * channels
    # Each row begins with its filter: 0, none.
    rows = b"".join(b"\0" + levels[start : start + stride] for start in range(0, len(levels), stride))
    head = struct.pack(">IIBBBBB", width, height, 8, RGB if channels == 3 else GREYSCALE, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, FASTEST)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk: its length, kind, data and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
