"""One inference request while it is answered, and its answer as it goes out."""

from time import perf_counter

from starlette.types import Receive, Scope, Send

from app.http.answers import RawHeaders
from app.http.directives import Headers
from app.http.encoding import asked_encoding, packed
from app.http.record import RequestRecord
from app.wire.oip_response import Written

JOINED_BYTES = 65_536
"""Smaller answers go out in one piece: a second write costs more than the copy."""

HEADER_LENGTH = b"inference-header-content-length"


def head_of(written: Written) -> RawHeaders:
    """What an answer's headers say of its content."""
    if written.header_length is None:
        return [(b"content-type", b"application/json")]
    return [(b"content-type", b"application/octet-stream"), (HEADER_LENGTH, b"%d" % written.header_length)]


class Exchange:
    """One request while it is answered; `request_id` is the client's own once it is known.

    `started` is when it came, in seconds of `perf_counter`.
    """

    __slots__ = ("_send", "headers", "receive", "record", "request_id", "scope", "started")

    def __init__(self, scope: Scope, receive: Receive, send: Send, record: RequestRecord) -> None:
        self.started = perf_counter()
        self.scope = scope
        self.receive = receive
        self._send = send
        self.record = record
        self.request_id = record.request_id
        self.headers: Headers = dict(scope["headers"])

    async def respond(self, written: Written) -> None:
        """Send the answer, compressed where that is asked for; large tensors are not copied."""
        headers = head_of(written)
        chunks, size = written.chunks, written.size_bytes
        encoding = asked_encoding(self.headers.get(b"accept-encoding"))
        if encoding is not None:
            chunks = [await packed(b"".join(chunks), encoding)]
            size = len(chunks[0])
            headers.append((b"content-encoding", encoding))
        elif size <= JOINED_BYTES:
            chunks = [b"".join(chunks)]
        headers.append((b"content-length", b"%d" % size))
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        last = len(chunks) - 1
        for place, chunk in enumerate(chunks):
            await self._send({"type": "http.response.body", "body": chunk, "more_body": place < last})
