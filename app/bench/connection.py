"""One connection to the server: one request at a time, its answer read by httptools."""

import asyncio
from typing import Protocol, cast

import httptools

ACCEPTED = b"HTTP/1.1 2"
"""How an answer begins whose headers nobody needs; to read each of them costs as much as all the rest."""


class Owner(Protocol):
    """Is told what happens on its connections."""

    def opened(self, connection: "Connection") -> None:
        """The connection is there and free."""

    def answered(self, connection: "Connection", status: int, *, has_retry_after: bool) -> None:
        """The request's answer is complete; the connection is free again, or closed where the server wants that."""

    def lost(self, connection: "Connection", kind: str) -> None:
        """The connection is gone; a request was under way where `is_busy` still says so."""


class Connection(asyncio.Protocol):
    """Writes a request, waits for its answer, and says so to its owner."""

    __slots__ = ("_full", "_is_first", "_kind", "_lean", "_owner", "_parser", "_transport", "due", "is_busy", "used")

    def __init__(self, owner: Owner) -> None:
        self.due = 0.0
        self.used = 0.0
        self.is_busy = False
        self._owner = owner
        self._lean = httptools.HttpResponseParser(_Complete(self))
        self._full = httptools.HttpResponseParser(_CompleteWithHeaders(self))
        self._parser = self._lean
        self._is_first = True
        self._kind = "closed by the server"
        self._transport: asyncio.Transport | None = None

    def send(self, message: bytes, due: float) -> None:
        """Write one request that was due then; the connection is busy until it is answered or lost."""
        self.due = due
        self.is_busy = True
        self._is_first = True
        if self._transport is not None:
            self._transport.write(message)

    def abort(self) -> None:
        """Drop the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    @property
    def is_closing(self) -> bool:
        """Whether nothing more can be sent."""
        return self._transport is None or self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio has opened it."""
        self._transport = cast("asyncio.Transport", transport)
        self._owner.opened(self)

    def data_received(self, data: bytes) -> None:
        """A part of an answer came."""
        if self._is_first:
            self._is_first = False
            self._parser = self._lean if data.startswith(ACCEPTED) else self._full
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError:
            raise
        except httptools.HttpParserError:
            self._kind = "not HTTP"
            self.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """Asyncio has closed it."""
        del error
        self._transport = None
        self._owner.lost(self, self._kind)

    def complete(self, *, has_retry_after: bool) -> None:
        """The parser has seen the end of an answer."""
        parser = self._parser
        if not self.is_busy:
            return
        self.is_busy = False
        if not parser.should_keep_alive() and self._transport is not None:
            self._transport.close()
        self._owner.answered(self, parser.get_status_code(), has_retry_after=has_retry_after)


class _Complete:
    """Hears only the end of an answer."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def on_message_complete(self) -> None:
        self._connection.complete(has_retry_after=False)


class _CompleteWithHeaders:
    """Hears the headers as well."""

    __slots__ = ("_connection", "_has_retry_after")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._has_retry_after = False

    def on_header(self, name: bytes, value: bytes) -> None:
        del value
        self._has_retry_after = self._has_retry_after or name.lower() == b"retry-after"

    def on_message_complete(self) -> None:
        has_retry_after, self._has_retry_after = self._has_retry_after, False
        self._connection.complete(has_retry_after=has_retry_after)
