"""The bytes of a request, and what they say they are."""

import asyncio
from typing import NamedTuple

from starlette.types import Message, Receive, Scope

from app.errors import DeadlineExceeded, MediaUnsupported, TooLarge
from app.http.record import header


class ClientLeftError(Exception):
    """The client went away while it was still sending."""


class Body(NamedTuple):
    """A request's body; `media_type` is lower-case and without parameters, empty where the client sent none."""

    data: bytes
    media_type: str
    content_type: str


async def read_body(scope: Scope, receive: Receive, max_bytes: int) -> Body:
    """Read the whole body; raises `TooLarge` as soon as it is known to be, `ClientLeftError` where it never ends."""
    declared = header(scope, b"content-length") or b""
    if declared.isdigit() and int(declared) > max_bytes:
        raise _too_large(max_bytes, int(declared))
    message = await receive()
    if not message.get("more_body") and message["type"] == "http.request":
        data: bytes = message["body"]
    else:
        data = await _read_parts(message, receive, max_bytes)
    if len(data) > max_bytes:
        raise _too_large(max_bytes, len(data))
    content_type = (header(scope, b"content-type") or b"").decode("latin-1")
    return Body(data, media_type_in(content_type), content_type)


async def read_in_time(scope: Scope, receive: Receive, max_bytes: int, timeout_seconds: float) -> Body:
    """`read_body`; raises `DeadlineExceeded` where the client stops halfway."""
    try:
        async with asyncio.timeout(timeout_seconds):
            return await read_body(scope, receive, max_bytes)
    except TimeoutError:
        raise too_slow(timeout_seconds) from None


def too_slow(timeout_seconds: float) -> DeadlineExceeded:
    """The error of a body that did not arrive in time."""
    waited = f"{1000 * timeout_seconds:.0f} ms"
    return DeadlineExceeded(f"the body did not arrive within {waited}; send it faster, or allow more")


def media_type_in(content_type: str) -> str:
    """The media type in a Content-Type header, lower-case and without parameters."""
    return content_type.partition(";")[0].strip().lower()


def require_media_type(body: Body, *accepted: str) -> None:
    """Raise `MediaUnsupported` unless the body is of an accepted type, or does not say."""
    if body.media_type and body.media_type not in accepted:
        raise MediaUnsupported(
            f"expected the content type {' or '.join(accepted)}; received {body.media_type[:100]}; "
            "set the Content-Type header"
        )


async def _read_parts(message: Message, receive: Receive, max_bytes: int) -> bytes:
    """A body that comes in several messages."""
    parts = bytearray()
    while True:
        if message["type"] == "http.disconnect":
            raise ClientLeftError
        parts += message.get("body", b"")
        if len(parts) > max_bytes:
            raise _too_large(max_bytes, len(parts))
        if not message.get("more_body"):
            return bytes(parts)
        message = await receive()


def _too_large(limit: int, received: int) -> TooLarge:
    """The error of a body over its limit."""
    return TooLarge(f"expected a body of at most {limit:,} bytes; received {received:,} or more; send less at once")
