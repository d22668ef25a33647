"""`POST /predict/{model}`: the hot path, plain ASGI from the bytes of a request to the bytes of its answer."""

from collections.abc import Mapping
from time import perf_counter

from starlette.types import Receive, Scope, Send

from app.http.answers import content_of, headers_of
from app.http.bodies import FORM, read_form_inputs, read_inputs
from app.http.bodies.inputs import Limits
from app.http.body import read_in_time
from app.http.departure import Departure
from app.http.dialect import Dialect
from app.http.directives import priority_of, resolve, timeout_of
from app.http.ending import conclude
from app.http.problems import internal_problem, problem
from app.http.record import RequestRecord, record_of
from app.lifecycle.registry import Registry
from app.service import predict, refuse_early

PATH = "/predict/{model}"
PREFIX = PATH.partition("{")[0]
PROBLEMS = Dialect(problem, internal_problem)


class PredictEndpoint:
    """Answers predictions for every served model; the model's task says what bodies it takes."""

    def __init__(self, registry: Registry, limits: Limits, max_body_bytes: int, timeout_seconds: float) -> None:
        self._registry = registry
        self._limits = limits
        self._max_body_bytes = max_body_bytes
        self._timeout_seconds = timeout_seconds

    def claims(self, path: str) -> Mapping[str, str] | None:
        """The model that a path names; None where it names none, or more than that."""
        model = path[len(PREFIX) :] if path.startswith(PREFIX) else ""
        return {"model": model} if model and "/" not in model else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; a client that leaves gets no answer, everybody else exactly one."""
        record = record_of(scope)
        record.route = PATH
        departure = Departure(receive)
        answering = self._answer(scope, receive, send, record, departure)
        await conclude(answering, send, record, departure, PROBLEMS)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, record: RequestRecord, departure: Departure
    ) -> None:
        """Read, predict, respond."""
        started = perf_counter()
        directed = dict(scope["headers"])
        model = resolve(self._registry, scope["path_params"]["model"], scope["query_string"])
        record.model, record.version = model.name, str(model.version)
        timeout_seconds, priority = timeout_of(directed, self._timeout_seconds), priority_of(directed)
        refuse_early(model, priority)
        body = await read_in_time(scope, receive, self._max_body_bytes, timeout_seconds)
        read = read_form_inputs(body, model, self._limits) if body.media_type == FORM else None
        inputs = read_inputs(body, model, self._limits) if read is None else await read
        left_seconds = timeout_seconds - (perf_counter() - started)
        size_bytes = max(len(body.data), inputs.unpacked_bytes)
        with departure:
            answer = await predict(model, inputs.items, size_bytes, left_seconds, priority)
        content = content_of(answer, is_many=inputs.is_many)
        headers = headers_of(answer, content, perf_counter() - started)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})
