"""`POST /predict/{model}`: the hot path from the bytes of a request to the bytes of its answer."""

from collections.abc import Mapping
from time import perf_counter
from typing import NamedTuple

from starlette.types import Receive, Scope, Send

from app.http.answers import content_of, headers_of
from app.http.bodies import FORM, read_any_inputs, read_inputs
from app.http.bodies.inputs import Limits
from app.http.body import Body, media_type_in, read_in_time
from app.http.departure import Departure
from app.http.dialect import PROBLEMS
from app.http.directives import Directed, Headers, direct, model_below, resolve
from app.http.ending import conclude
from app.http.fast_path import Content, Exchange
from app.http.problems import Rendered
from app.http.record import RequestRecord, record_of
from app.lifecycle.registry import Registry
from app.service import INLINE_BYTES, Call, predict, start_predict
from app.types import Answer

PATH = "/predict/{model}"
PREFIX = PATH.partition("{")[0]


class Asked(NamedTuple):
    """What a request's head asks for."""

    name: str
    query: bytes
    media_type: str
    content_type: str


class PredictEndpoint:
    """Answers predictions for every served model; the model's task says what bodies it takes."""

    dialect = PROBLEMS
    prefix = PREFIX.encode()

    def __init__(self, registry: Registry, limits: Limits, max_body_bytes: int, timeout_seconds: float) -> None:
        self._registry = registry
        self._limits = limits
        self._max_body_bytes = max_body_bytes
        self._timeout_seconds = timeout_seconds

    def claims(self, path: str) -> Mapping[str, str] | None:
        """The model that a path names; None where it names none, or more than that."""
        return model_below(PREFIX, path)

    def route_of(self, parameters: Mapping[str, str]) -> str:
        """What metrics and the log call such a path."""
        del parameters
        return PATH

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; a client that leaves gets no answer, everybody else exactly one."""
        record = record_of(scope)
        record.route = PATH
        departure = Departure(receive)
        answering = self._answer(scope, receive, send, record, departure)
        await conclude(answering, send, record, departure, PROBLEMS)

    def understand(self, parameters: Mapping[str, str], query: bytes, headers: Headers) -> Asked | None:
        """What a head asks for; None for a form, whose parts are read piece by piece."""
        content_type = headers.get(b"content-type", b"").decode("latin-1")
        media_type = media_type_in(content_type)
        return None if media_type == FORM else Asked(parameters["model"], query, media_type, content_type)

    def begin(self, asked: Asked, body: bytes, exchange: Exchange) -> Call | None:
        """Read, and let the rows wait; None for what is, or unpacks to, more than is prepared on the event loop."""
        if len(body) > INLINE_BYTES:
            return None
        model, timeout_seconds, priority = self._directed(asked.name, asked.query, exchange.headers, exchange.record)
        inputs = read_inputs(Body(body, asked.media_type, asked.content_type), model, self._limits)
        if inputs.unpacked_bytes > INLINE_BYTES:
            return None
        left_seconds = timeout_seconds - (perf_counter() - exchange.started)
        is_many, started = inputs.is_many, exchange.started
        return start_predict(
            model,
            inputs.items,
            left_seconds,
            priority,
            write=lambda answer: _content(answer, started, is_many=is_many),
            done=exchange.finish,
        )

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, record: RequestRecord, departure: Departure
    ) -> None:
        """Read, predict, respond."""
        started = perf_counter()
        name, query, headers = scope["path_params"]["model"], scope["query_string"], dict(scope["headers"])
        model, timeout_seconds, priority = self._directed(name, query, headers, record)
        body = await read_in_time(scope, receive, self._max_body_bytes, timeout_seconds)
        inputs = await read_any_inputs(body, model, self._limits)
        left_seconds = timeout_seconds - (perf_counter() - started)
        size_bytes = max(len(body.data), inputs.unpacked_bytes)
        with departure:
            answer = await predict(model, inputs.items, size_bytes, left_seconds, priority)
        await Rendered(200, *_content(answer, started, is_many=inputs.is_many)).send(send)

    def _directed(self, name: str, query: bytes, headers: Headers, record: RequestRecord) -> Directed:
        """What the head says, before the body is looked at; raises what would be refused whatever that is."""
        return direct(resolve(self._registry, name, query), headers, self._timeout_seconds, record)


def _content(answer: Answer, started: float, *, is_many: bool) -> Content:
    """The answer to a request that came at `started`."""
    content = content_of(answer, is_many=is_many)
    return Content(headers_of(answer, content, perf_counter() - started), content)
