"""`POST /predict/{model}`: the hot path, plain ASGI from the bytes of a request to the bytes of its answer."""

import asyncio
from time import perf_counter
from urllib.parse import parse_qs

from pydantic_core import to_json
from starlette.types import Receive, Scope, Send

from app.errors import DeadlineExceeded, HorngateError, InputInvalid, NotReady
from app.http.bodies import read_inputs
from app.http.bodies.inputs import Limits
from app.http.body import Body, ClientLeftError, read_body
from app.http.departure import Departure
from app.http.problems import problem
from app.http.record import CLIENT_LEFT, RequestRecord, header, record_of
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel
from app.service import predict
from app.types import Answer

PATH = "/predict/{model}"


class PredictEndpoint:
    """Answers predictions for every served model; the model's task says what bodies it takes."""

    def __init__(self, registry: Registry, limits: Limits, max_body_bytes: int, timeout_seconds: float) -> None:
        self._registry = registry
        self._limits = limits
        self._max_body_bytes = max_body_bytes
        self._timeout_seconds = timeout_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; a client that leaves gets no answer, everybody else exactly one."""
        record = record_of(scope)
        record.route = PATH
        departure = Departure(receive)
        try:
            await self._answer(scope, receive, send, record, departure)
        except HorngateError as error:
            await problem(error, record.request_id)(scope, receive, send)
        except ClientLeftError:
            record.status = CLIENT_LEFT
        except asyncio.CancelledError:
            if departure.has_left:
                record.status = CLIENT_LEFT
            elif record.status:
                raise  # half an answer is out
            else:  # the server's grace on the way out is over
                closing = NotReady("the server is shutting down", retry_after_seconds=1.0)
                await problem(closing, record.request_id)(scope, receive, send)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, record: RequestRecord, departure: Departure
    ) -> None:
        """Read, predict, respond."""
        started = perf_counter()
        model = self._resolve(scope)
        record.model, record.version = model.name, str(model.version)
        timeout_seconds = self._timeout(scope)
        body = await self._read(scope, receive, timeout_seconds)
        inputs = await read_inputs(body, model, self._limits)
        left_seconds = timeout_seconds - (perf_counter() - started)
        with departure:
            answer = await predict(model, inputs.items, max(len(body.data), inputs.unpacked_bytes), left_seconds)
        content = _content(answer, is_many=inputs.is_many)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(content)).encode()),
            (b"x-model", f"{model.name}/{model.version}".encode()),
            (b"server-timing", _server_timing(answer, perf_counter() - started)),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _read(self, scope: Scope, receive: Receive, timeout_seconds: float) -> Body:
        """The body; raises `DeadlineExceeded` where the client stops halfway."""
        try:
            async with asyncio.timeout(timeout_seconds):
                return await read_body(scope, receive, self._max_body_bytes)
        except TimeoutError:
            waited = f"{1000 * timeout_seconds:.0f} ms"
            raise DeadlineExceeded(f"the body did not arrive within {waited}; send it faster, or allow more") from None

    def _resolve(self, scope: Scope) -> ServedModel:
        """The model version that the URL names."""
        version, label = None, None
        if scope["query_string"]:
            query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            label = query["label"][0] if "label" in query else None
            version = _whole_number(query["version"][0], "?version") if "version" in query else None
            if version is not None and label is not None:
                raise InputInvalid.at("", "either ?version or ?label", "both")
        return self._registry.resolve(scope["path_params"]["model"], version, label)

    def _timeout(self, scope: Scope) -> float:
        """Seconds until the request's deadline; a caller may only shorten it."""
        given = header(scope, b"x-request-timeout-ms")
        if given is None:
            return self._timeout_seconds
        milliseconds = _whole_number(given.decode("latin-1"), "X-Request-Timeout-Ms")
        return min(milliseconds / 1000, self._timeout_seconds)


def _whole_number(text: str, name: str) -> int:
    """A positive whole number from a header or the query; raises `InputInvalid`."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18 and int(text) > 0):
        raise InputInvalid.at("", f"a positive whole number in {name}", repr(text[:64]))
    return int(text)


def _content(answer: Answer, *, is_many: bool) -> bytes:
    """The answer as JSON."""
    served = {"model": answer.model, "version": answer.version}
    if is_many:
        return to_json({"predictions": answer.predictions, **served})
    return to_json({**answer.predictions[0], **served})


def _server_timing(answer: Answer, total_seconds: float) -> bytes:
    """The `Server-Timing` header, in milliseconds."""
    timing = answer.timing
    return (
        f"queue;dur={1000 * timing.queue:.3f}, preprocess;dur={1000 * timing.preprocess:.3f}, "
        f"infer;dur={1000 * timing.infer:.3f}, total;dur={1000 * total_seconds:.3f}"
    ).encode()
