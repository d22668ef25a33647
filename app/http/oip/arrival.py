"""The body of an inference request, as bytes whose tensors lie where engines can read them in place."""

import asyncio

import numpy as np
from starlette.types import Receive, Scope

from app.errors import BodyMalformed
from app.http.body import ClientLeftError, read_in_time, too_slow
from app.http.directives import Headers
from app.http.encoding import unpacked
from app.http.oip.exchange import HEADER_LENGTH

LARGE_BYTES = 65_536
"""Larger bodies come in parts, each of which is copied once, to its place."""

ALIGNMENT = 64
"""A line of the processor's cache: what no number of any type lies across."""


async def read_tensors(
    scope: Scope, receive: Receive, headers: Headers, max_bytes: int, timeout_seconds: float
) -> bytes | memoryview:
    """The body, unpacked; raises `RequestInvalid`, `DeadlineExceeded` and `ClientLeftError`.

    A large one that says where its tensors begin gets them aligned.
    """
    size, begin = headers.get(b"content-length", b""), headers.get(HEADER_LENGTH, b"")
    if (
        b"content-encoding" not in headers
        and size.isdigit()
        and begin.isdigit()
        and len(begin) <= len(size) <= 18
        and LARGE_BYTES < int(size) <= max_bytes
    ):
        try:
            async with asyncio.timeout(timeout_seconds):
                return await _aligned(receive, int(size), int(begin))
        except TimeoutError:
            raise too_slow(timeout_seconds) from None
    body = await read_in_time(scope, receive, max_bytes, timeout_seconds)
    return await unpacked(body.data, headers.get(b"content-encoding"), max_bytes)


async def _aligned(receive: Receive, size: int, begin: int) -> memoryview:
    """A body of so many bytes, of which those from `begin` on are aligned; memory is taken as the parts come."""
    room = np.empty(size + ALIGNMENT, np.uint8)
    first = -(room.ctypes.data + begin) % ALIGNMENT
    place, filled = room[first : first + size].data, 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeftError
        part = message.get("body", b"")
        if filled + len(part) > size:
            raise BodyMalformed(f"expected {size} bytes, as Content-Length says; received more")
        place[filled : filled + len(part)] = part
        filled += len(part)
        if not message.get("more_body"):
            return place[:filled]
