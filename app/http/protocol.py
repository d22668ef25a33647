"""uvicorn's HTTP protocol, in which small predictions take the fast path and everything else goes its ordinary way."""

import asyncio
import re
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from app.http.answers import RawHeaders
from app.http.application import Application
from app.http.fast_path import MOST_BODY_BYTES, Exchange, FastPath, Head

UPGRADE = re.compile(rb"\r\nupgrade:(?=[^\r]*\r)", re.IGNORECASE)
"""A server may ignore the wish to go on in another protocol (RFC 9110, 7.8). The parser does not: it drops the body of
such a request, which Java's HTTP client sends first to everybody."""


class Occupied:
    """What uvicorn's protocol looks at while a connection waits for an answer that is not uvicorn's."""

    def __init__(self) -> None:
        self.response_complete = True
        self.disconnected = False
        self.keep_alive = True
        self.message_event = asyncio.Event()


class FastProtocol(HttpToolsProtocol):
    """One connection to a client.

    A `POST` to a hot endpoint that arrives whole in one read, while nothing else is under way on the connection, is
    offered to the application's fast path; what the fast path does not take goes on as if it had never been asked.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._fast_path = self.app.fast_path if isinstance(self.app, Application) else None
        self._occupied = Occupied()
        self._exchange: Exchange | None = None
        self._body: bytes | None = None
        self._data = b""
        self._is_between = self._expects_head = True

    def data_received(self, data: bytes) -> None:
        """Bytes came; a request that came only in part is not for the fast path."""
        fast_path = self._fast_path
        if fast_path is not None and self._is_between and self._is_free() and (known := fast_path.recall(data)):
            self._unset_keepalive_if_required()
            if self._take(*known):
                return
        if self._expects_head:
            data = UPGRADE.sub(b"\r\nx-declined:", data, 1)
        self._data = data
        super().data_received(data)
        self._data = b""
        if self._body is not None and not self.transport.is_closing():
            self._decline()

    def on_message_begin(self) -> None:
        """A request begins; what only ASGI needs is made when it is known to go there."""
        self._is_between = False
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        """Keep a request back that may be for the fast path."""
        self._expects_head = False
        if self._suits():
            self._body = b""
        else:
            self._enter()

    def on_body(self, body: bytes) -> None:
        """A part of the body, mostly all of it."""
        if self._body is None:
            super().on_body(body)
            return
        self._body = self._body + body if self._body else body
        if len(self._body) > MOST_BODY_BYTES:
            self._decline()

    def on_message_complete(self) -> None:
        """The request is there as a whole."""
        self._is_between = self._expects_head = True
        if self._body is not None and self._fast_path is not None:
            head = self._fast_path.head_of(self.url, self.headers, keep_alive=self.parser.should_keep_alive())
            if head is not None and self._take(head, self._body):
                self._body = None
                self._fast_path.remember(self._data, head)
                return
            self._decline()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone, or the connection was closed."""
        exchange, self._exchange = self._exchange, None
        self._body = None
        super().connection_lost(exc)
        if exchange is not None:
            exchange.leave()

    def _is_free(self) -> bool:
        """Whether nothing is under way on the connection, and what is answered can be written."""
        return (self.cycle is None or self.cycle.response_complete) and not self.pipeline and not self.flow.write_paused

    def _suits(self) -> bool:
        """Whether the head that was read may be followed by a request for the fast path."""
        return (
            self._fast_path is not None
            and self.url.startswith(self._fast_path.prefixes)
            and self.parser.get_method() == b"POST"
            and self.parser.get_http_version() == "1.1"
            and self._is_free()
            and not self.expect_100_continue
            and not self.parser.should_upgrade()
            and not self.root_path
        )

    def _take(self, head: Head, body: bytes) -> bool:
        """Give a request to the fast path; False where it does not want it."""
        fast_path, occupied, before = cast("FastPath", self._fast_path), self._occupied, self.cycle
        occupied.response_complete = False
        occupied.keep_alive = head.keep_alive
        self.cycle = cast("RequestResponseCycle", occupied)
        exchange = fast_path.take(head, body, self._respond)
        if exchange is None:
            occupied.response_complete = True
            self.cycle = before
            return False
        if not occupied.response_complete:
            self._exchange = exchange
        return True

    def _enter(self) -> None:
        """Let the request whose head is there go uvicorn's way."""
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        super().on_headers_complete()

    def _decline(self) -> None:
        """Let the request that was kept back go uvicorn's way, with what came of its body."""
        body, self._body = self._body, None
        self._enter()
        if body:
            super().on_body(body)

    def _respond(self, status: int, headers: RawHeaders, content: bytes) -> None:
        """Write the fast path's response in one piece, and be free for the next request."""
        self._exchange = None
        occupied = self._occupied
        occupied.response_complete = True
        if not occupied.keep_alive:
            headers.append((b"connection", b"close"))
        lines = [STATUS_LINE[status]]
        for name, value in (*self.server_state.default_headers, *headers):
            lines += (name, b": ", value, b"\r\n")
        lines += (b"\r\n", content)
        self.transport.write(b"".join(lines))
        if not occupied.keep_alive:
            self.transport.close()
        self.on_response_complete()
