"""`POST /v1/models/{model}:predict`, `:classify` and `:regress`: plain ASGI from a request's bytes to its answer's."""

from collections.abc import Mapping
from time import perf_counter

from starlette.types import Receive, Scope, Send

from app.http.body import read_in_time
from app.http.departure import Departure
from app.http.directives import Headers, priority_of, timeout_of
from app.http.encoding import unpacked
from app.http.ending import conclude
from app.http.problems import Rendered
from app.http.record import RequestRecord, record_of
from app.http.tfs.methods import METHODS
from app.http.tfs.naming import asked_by, find_model, route_of
from app.http.tfs.refusals import TFS
from app.lifecycle.registry import Registry
from app.service import infer_and_write, refuse_early
from app.types import rows_of
from app.validation import check_rows


class ServingEndpoint:
    """Answers what TensorFlow Serving's clients ask of every served model, with its signature's own tensors."""

    def __init__(self, registry: Registry, max_rows: int, max_body_bytes: int, timeout_seconds: float) -> None:
        self._registry = registry
        self._max_rows = max_rows
        self._max_body_bytes = max_body_bytes
        self._timeout_seconds = timeout_seconds

    def claims(self, path: str) -> Mapping[str, str] | None:
        """What a path of this endpoint's names: the model, the method, a version or a label; None for any other."""
        return asked_by(path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; a client that leaves gets no answer, everybody else exactly one."""
        record = record_of(scope)
        record.route = route_of(scope["path_params"])
        departure = Departure(receive)
        await conclude(self._answer(scope, receive, send, record, departure), send, record, departure, TFS)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, record: RequestRecord, departure: Departure
    ) -> None:
        """Read, infer, respond."""
        started = perf_counter()
        named, headers = scope["path_params"], dict(scope["headers"])
        model = find_model(self._registry, named)
        record.model, record.version = model.name, str(model.version)
        timeout_seconds, priority = timeout_of(headers, self._timeout_seconds), priority_of(headers)
        refuse_early(model, priority)
        body = await self._read(scope, receive, headers, timeout_seconds)
        arrived = perf_counter()
        reading = METHODS[named["method"]](body, model)
        check_rows(rows_of(reading.tensors), self._max_rows)
        now = perf_counter()
        with departure:
            content = await infer_and_write(
                model,
                reading.tensors,
                max(timeout_seconds - (now - started), 0.0),
                priority,
                read_seconds=now - arrived,
                write=reading.write,
            )
        lengths = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        await Rendered(200, lengths, content).send(send)

    async def _read(self, scope: Scope, receive: Receive, headers: Headers, timeout_seconds: float) -> bytes:
        """The body, unpacked, whatever its type says it is: TensorFlow Serving does not look at that."""
        body = await read_in_time(scope, receive, self._max_body_bytes, timeout_seconds)
        return await unpacked(body.data, headers.get(b"content-encoding"), self._max_body_bytes)
