"""The shortest way for small predictions: from the bytes of a request to those of its answer without a task.

A task, ASGI's messages and what waits for them cost as much again as everything else that a small prediction needs.
Whatever may take long, or comes in pieces, is not for here and goes the ordinary way, to the same answer.
"""

from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

from app.errors import HorngateError
from app.http.answers import RawHeaders, content_of, headers_of
from app.http.bodies import FORM, read_inputs
from app.http.bodies.inputs import Limits
from app.http.body import Body, media_type_in
from app.http.directives import Headers, priority_of, resolve, timeout_of
from app.http.middleware import log_failure
from app.http.observation import RequestObserver
from app.http.predict import PATH, PREFIX
from app.http.problems import Rendered, internal_problem, problem
from app.http.record import CLIENT_LEFT, RequestRecord, request_id_of
from app.lifecycle.registry import Registry
from app.service import INLINE_BYTES, Call, Outcome, refuse_early
from app.types import Answer

RAW_PREFIX = PREFIX.encode()

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
        b"user-agent",
        b"x-api-key",
        b"x-priority",
        b"x-request-timeout-ms",
    )
)
"""Headers that a client sends alike each time; a head with any other is not worth remembering."""

Respond = Callable[[int, RawHeaders, bytes], None]
"""Takes the response: its status, headers and body."""


class Head(NamedTuple):
    """What the bytes before a body say: whom a request is for and how it is sent."""

    name: str
    query: bytes
    headers: Headers
    media_type: str
    content_type: str
    keep_alive: bool

    @property
    def body_bytes(self) -> int | None:
        """The length of the body that must follow; None where the head does not say."""
        length = self.headers.get(b"content-length", b"")
        return int(length) if length.isdigit() and b"transfer-encoding" not in self.headers else None


class FastPath:
    """Takes requests that came whole, `POST /predict/{model}`, each with where its response goes.

    Clients send the same head again and again. One that the parser has read once is remembered, and what it said then
    the same bytes say again.
    """

    def __init__(self, registry: Registry, limits: Limits, timeout_seconds: float, observer: RequestObserver) -> None:
        self.registry = registry
        self.limits = limits
        self.timeout_seconds = timeout_seconds
        self.observer = observer
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
        name, _, query = url[len(RAW_PREFIX) :].partition(b"?")
        if b"%" in name or b"/" in name or not name.isascii() or not name:
            return None
        by_name = dict(headers)
        content_type = by_name.get(b"content-type", b"").decode("latin-1")
        media_type = media_type_in(content_type)
        if media_type == FORM:
            return None
        return Head(name.decode(), query, by_name, media_type, content_type, keep_alive)

    def take(self, head: Head, body: bytes, respond: Respond) -> "Exchange | None":
        """Begin to answer; None where the request is not for here, and nothing has happened then."""
        exchange = Exchange(self, respond)
        return exchange if exchange.begin(head, body) else None


class Exchange:
    """One request under way: its response goes out once, unless the client leaves before."""

    __slots__ = ("_call", "_fast_path", "_is_many", "_record", "_respond", "_started")

    def __init__(self, fast_path: FastPath, respond: Respond) -> None:
        self._fast_path = fast_path
        self._respond = respond
        self._started = perf_counter()
        self._call: Call | None = None
        self._is_many = False

    def begin(self, head: Head, body: bytes) -> bool:
        """Read the request and let its rows wait; False where it is not for here."""
        headers = head.headers
        record = self._record = RequestRecord(request_id_of(headers.get(b"x-request-id")), PATH)
        fast_path = self._fast_path
        try:
            model = resolve(fast_path.registry, head.name, head.query)
            record.model, record.version = model.name, str(model.version)
            timeout_seconds, priority = timeout_of(headers, fast_path.timeout_seconds), priority_of(headers)
            refuse_early(model, priority)
            inputs = read_inputs(Body(body, head.media_type, head.content_type), model, fast_path.limits)
            if inputs.unpacked_bytes > INLINE_BYTES:
                return False
            self._is_many = inputs.is_many
            call = Call(model, self._done)
            left_seconds = timeout_seconds - (perf_counter() - self._started)
            call.start(inputs.items, left_seconds, priority)
            self._call = call
        except Exception as error:  # noqa: BLE001  # nothing may reach the parser, which calls this
            self._done(error)
        return True

    def leave(self) -> None:
        """The client is gone."""
        if self._call is not None:
            self._call.withdraw()
            self._call = None
            self._finish(CLIENT_LEFT)

    def _done(self, outcome: Outcome) -> None:
        """The answer, or why there is none: tell the client."""
        self._call = None
        if isinstance(outcome, Answer):
            content = content_of(outcome, is_many=self._is_many)
            headers = headers_of(outcome, content, perf_counter() - self._started)
            self._send(200, headers, content)
            return
        self._send(*self._problem(outcome))

    def _problem(self, error: Exception) -> Rendered:
        """The error as the client sees it."""
        request_id = self._record.request_id
        if isinstance(error, HorngateError):
            return problem(error, request_id)
        log_failure(request_id, error)
        return internal_problem(request_id)

    def _send(self, status: int, headers: RawHeaders, content: bytes) -> None:
        """Hand the response over, and tell metrics and the log."""
        headers.append((b"x-request-id", self._record.request_id.encode()))
        self._respond(status, headers, content)
        self._finish(status)

    def _finish(self, status: int) -> None:
        """Tell metrics and the log."""
        self._record.status = status
        self._fast_path.observer.finished(self._record, "POST", perf_counter() - self._started)
