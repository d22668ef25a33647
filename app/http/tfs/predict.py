"""`POST /v1/models/{model}:predict`, `:classify` and `:regress`: from a request's bytes to its answer's."""

from collections.abc import Mapping
from time import perf_counter

from starlette.types import Receive, Scope, Send

from app.http.body import read_in_time
from app.http.departure import Departure
from app.http.directives import Directed, Headers, direct
from app.http.encoding import unpacked
from app.http.ending import conclude
from app.http.fast_path import Content, Exchange
from app.http.problems import Rendered
from app.http.record import RequestRecord, record_of
from app.http.tfs.methods import METHODS, Reading
from app.http.tfs.naming import asked_by, find_model, route_of
from app.http.tfs.refusals import TFS
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel
from app.service import Call, infer_and_write, start_infer
from app.types import rows_of
from app.validation import check_rows


class ServingEndpoint:
    """Answers what TensorFlow Serving's clients ask of every served model, with its signature's own tensors."""

    dialect = TFS
    prefix = b"/v1/models/"

    def __init__(self, registry: Registry, max_rows: int, max_body_bytes: int, timeout_seconds: float) -> None:
        self._registry = registry
        self._max_rows = max_rows
        self._max_body_bytes = max_body_bytes
        self._timeout_seconds = timeout_seconds

    def claims(self, path: str) -> Mapping[str, str] | None:
        """What a path of this endpoint's names: the model, the method, a version or a label; None for any other."""
        return asked_by(path)

    def route_of(self, parameters: Mapping[str, str]) -> str:
        """What metrics and the log call such a path."""
        return route_of(parameters)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; a client that leaves gets no answer, everybody else exactly one."""
        record = record_of(scope)
        record.route = route_of(scope["path_params"])
        departure = Departure(receive)
        await conclude(self._answer(scope, receive, send, record, departure), send, record, departure, TFS)

    def understand(self, parameters: Mapping[str, str], query: bytes, headers: Headers) -> Mapping[str, str] | None:
        """What a head names; None where the body is compressed."""
        del query
        return None if b"content-encoding" in headers else parameters

    def begin(self, asked: Mapping[str, str], body: bytes, exchange: Exchange) -> Call:
        """Read, and let the rows wait."""
        model, timeout_seconds, priority = self._directed(asked, exchange.headers, exchange.record)
        reading = self._reading(asked["method"], body, model)
        read_seconds = perf_counter() - exchange.started
        return start_infer(
            model,
            reading.tensors,
            max(timeout_seconds - read_seconds, 0.0),
            priority,
            read_seconds=read_seconds,
            write=lambda inference: _content(reading.write(inference)),
            done=exchange.finish,
        )

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, record: RequestRecord, departure: Departure
    ) -> None:
        """Read, infer, respond."""
        started = perf_counter()
        named, headers = scope["path_params"], dict(scope["headers"])
        model, timeout_seconds, priority = self._directed(named, headers, record)
        body = await self._read(scope, receive, headers, timeout_seconds)
        arrived = perf_counter()
        reading = self._reading(named["method"], body, model)
        now = perf_counter()
        with departure:
            content = await infer_and_write(
                model,
                reading.tensors,
                max(timeout_seconds - (now - started), 0.0),
                priority,
                read_seconds=now - arrived,
                write=lambda inference: _content(reading.write(inference)),
            )
        await Rendered(200, *content).send(send)

    def _directed(self, named: Mapping[str, str], headers: Headers, record: RequestRecord) -> Directed:
        """What the head says, before the body is looked at; raises what would be refused whatever that is."""
        return direct(find_model(self._registry, named), headers, self._timeout_seconds, record)

    def _reading(self, method: str, body: bytes, model: ServedModel) -> Reading:
        """What the body says, checked."""
        reading = METHODS[method](body, model)
        check_rows(rows_of(reading.tensors), self._max_rows)
        return reading

    async def _read(self, scope: Scope, receive: Receive, headers: Headers, timeout_seconds: float) -> bytes:
        """The body, unpacked, whatever its type says it is: TensorFlow Serving does not look at that."""
        body = await read_in_time(scope, receive, self._max_body_bytes, timeout_seconds)
        return await unpacked(body.data, headers.get(b"content-encoding"), self._max_body_bytes)


def _content(content: bytes) -> Content:
    """The answer as it goes out."""
    return Content([(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))], content)
