"""The shortest way for small requests: from the bytes of a request to those of its answer without a task.

A task, ASGI's messages and what waits for them cost as much again as everything else that a small prediction needs.
Whatever may take long, or comes in pieces, is not for here and goes the ordinary way, to the same answer.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any, NamedTuple, Protocol

from app.errors import HorngateError, QueueFull
from app.http.answers import RawHeaders
from app.http.dialect import Dialect
from app.http.directives import Headers
from app.http.middleware import log_failure
from app.http.observation import RequestObserver
from app.http.pacing import RefusalPacing
from app.http.problems import Rendered
from app.http.record import CLIENT_LEFT, RequestRecord, request_id_of
from app.service import Call

MOST_BODY_BYTES = 32_768
"""Longer bodies are not for here: reading them would hold the event loop."""

MOST_HEADS = 1024
"""So many heads are remembered; then the memory begins anew."""

LONGEST_HEAD = 2048

CONSTANT = frozenset(
    (
        b"accept",
        b"accept-encoding",
        b"accept-language",
        b"authorization",
        b"connection",
        b"content-length",
        b"content-type",
        b"host",
        b"inference-header-content-length",
        b"user-agent",
        b"x-api-key",
        b"x-priority",
        b"x-request-timeout-ms",
    )
)
"""Headers that a client sends alike each time; a head with any other is not worth remembering."""

Respond = Callable[[int, RawHeaders, bytes], None]
"""Takes the response: its status, headers and body."""


class Content(NamedTuple):
    """An answer as it goes out, with the status 200."""

    headers: RawHeaders
    content: bytes


class FastEndpoint(Protocol):
    """Answers small requests by callback, beside its ordinary way through ASGI."""

    @property
    def dialect(self) -> Dialect:
        """How its clients are told of errors."""

    @property
    def prefix(self) -> bytes:
        """What all its paths begin with."""

    def claims(self, path: str) -> Mapping[str, str] | None:
        """The parameters that a path of this endpoint's holds; None for any other path."""

    def route_of(self, parameters: Mapping[str, str]) -> str:
        """What metrics and the log call such a path."""

    def understand(self, parameters: Mapping[str, str], query: bytes, headers: Headers) -> Any:
        """What a head asks for, which may be remembered; None where its requests are not for the fast path."""

    def begin(self, asked: Any, body: bytes, exchange: "Exchange") -> Call | None:
        """Read the request and let its rows wait, for `exchange.finish`; `asked` is what `understand` gave.

        None where the request is not for the fast path, and nothing has happened then. Raises what goes wrong.
        """


class Head(NamedTuple):
    """What the bytes before a body say: whom a request is for and how it is sent."""

    endpoint: FastEndpoint
    route: str
    asked: Any
    headers: Headers
    keep_alive: bool

    @property
    def body_bytes(self) -> int | None:
        """The length of the body that must follow; None where the head does not say."""
        length = self.headers.get(b"content-length", b"")
        return int(length) if length.isdigit() and b"transfer-encoding" not in self.headers else None


class FastPath:
    """Takes requests that came whole, each with where its response goes.

    Clients send the same head again and again. One that the parser has read once is remembered, and what it said then
    the same bytes say again.
    """

    def __init__(self, endpoints: Sequence[FastEndpoint], observer: RequestObserver, pacing: RefusalPacing) -> None:
        self.prefixes = tuple(endpoint.prefix for endpoint in endpoints)
        self.observer = observer
        self.pacing = pacing
        self._endpoints = endpoints
        self._heads: dict[bytes, tuple[Head, int]] = {}

    def recall(self, data: bytes) -> tuple[Head, bytes] | None:
        """The head and the body, where `data` is a whole request whose head is remembered."""
        end = data.find(b"\r\n\r\n") + 4
        known = self._heads.get(data[:end])
        if known is None or len(data) - end != known[1]:
            return None
        return known[0], data[end:]

    def remember(self, data: bytes, head: Head) -> None:
        """Remember the head of this request, which the parser has read, where it may come again."""
        end, length = data.find(b"\r\n\r\n") + 4, head.body_bytes
        if end <= LONGEST_HEAD and len(data) - end == length and head.headers.keys() <= CONSTANT:
            if len(self._heads) >= MOST_HEADS:
                self._heads.clear()
            self._heads[data[:end]] = (head, length)

    def head_of(self, url: bytes, headers: RawHeaders, *, keep_alive: bool) -> Head | None:
        """What a request's head says; None where the request is not for here."""
        raw_path, _, query = url.partition(b"?")
        if b"%" in raw_path or not raw_path.isascii():
            return None
        path, by_name = raw_path.decode(), dict(headers)
        for endpoint in self._endpoints:
            parameters = endpoint.claims(path)
            if parameters is not None:
                asked = endpoint.understand(parameters, query, by_name)
                if asked is None:
                    return None
                return Head(endpoint, endpoint.route_of(parameters), asked, by_name, keep_alive)
        return None

    def take(self, head: Head, body: bytes, respond: Respond) -> "Exchange | None":
        """Begin to answer; None where the request is not for here, and nothing has happened then."""
        exchange = Exchange(head, self.observer, self.pacing, respond)
        return exchange if exchange.begin(body) else None


class Exchange:
    """One request under way: its response goes out once, unless the client leaves before.

    `started` is when it came, in seconds of `perf_counter`; `request_id` what errors call it, the client's own once
    that is known.
    """

    __slots__ = ("_call", "_head", "_held", "_observer", "_pacing", "_respond", "record", "request_id", "started")

    def __init__(self, head: Head, observer: RequestObserver, pacing: RefusalPacing, respond: Respond) -> None:
        self._head = head
        self._observer = observer
        self._pacing = pacing
        self._respond = respond
        self._call: Call | None = None
        self._held: asyncio.TimerHandle | None = None
        self.started = perf_counter()
        self.record = RequestRecord(request_id_of(head.headers.get(b"x-request-id")), head.route)
        self.request_id = self.record.request_id

    @property
    def headers(self) -> Headers:
        """The request's headers."""
        return self._head.headers

    def begin(self, body: bytes) -> bool:
        """Read the request and let its rows wait; False where it is not for here."""
        try:
            self._call = self._head.endpoint.begin(self._head.asked, body, self)
        except Exception as error:  # noqa: BLE001  # nothing may reach the parser, which calls this
            self.finish(error)
            return True
        return self._call is not None

    def leave(self) -> None:
        """The client is gone."""
        if self._call is not None:
            self._call.withdraw()
            self._call = None
            self._count(CLIENT_LEFT)
        elif self._held is not None:
            self._held.cancel()
            self._held = None
            self._count(CLIENT_LEFT)

    def finish(self, outcome: Content | Exception) -> None:
        """The answer, or why there is none: tell the client, metrics and the log; a refusal when its turn comes."""
        self._call = None
        if isinstance(outcome, QueueFull) and (delay_seconds := self._pacing.delay_seconds()):
            self._held = asyncio.get_running_loop().call_later(delay_seconds, self._tell, outcome)
        else:
            self._tell(outcome)

    def _tell(self, outcome: Content | Exception) -> None:
        """Tell the client, metrics and the log."""
        self._held = None
        if isinstance(outcome, Content):
            status, (headers, content) = 200, outcome
        else:
            status, headers, content = self._refusal(outcome)
        headers.append((b"x-request-id", self.record.request_id.encode()))
        self._respond(status, headers, content)
        self._count(status)

    def _refusal(self, error: Exception) -> Rendered:
        """The error as the client sees it."""
        dialect = self._head.endpoint.dialect
        if isinstance(error, HorngateError):
            return dialect.refusal(error, self.request_id)
        log_failure(self.record.request_id, error)
        return dialect.internal_refusal(self.request_id)

    def _count(self, status: int) -> None:
        """Tell metrics and the log."""
        self.record.status = status
        self._observer.finished(self.record, "POST", perf_counter() - self.started)
