"""`POST /v2/models/{model}/infer`: from the bytes of a request to the bytes of its answer."""

import re
from collections.abc import Mapping
from time import perf_counter
from typing import NamedTuple

from starlette.types import Receive, Scope, Send

from app.http.departure import Departure
from app.http.directives import Directed, Headers, direct
from app.http.encoding import asked_encoding
from app.http.ending import conclude
from app.http.fast_path import Content
from app.http.fast_path import Exchange as FastExchange
from app.http.oip.arrival import read_tensors
from app.http.oip.exchange import HEADER_LENGTH, Exchange, head_of
from app.http.oip.naming import find_model
from app.http.oip.refusals import OIP
from app.http.record import record_of
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel
from app.service import Call, infer_and_write, start_infer
from app.types import Inference, Priority, Tensors, rows_of
from app.validation import check_arrays, check_rows
from app.wire.oip_binary import header_length_of
from app.wire.oip_outputs import wanted_outputs
from app.wire.oip_parameters import priority_of as wanted_priority
from app.wire.oip_parameters import timeout_of as wanted_timeout
from app.wire.oip_raw import raw_request
from app.wire.oip_request import InferRequest, read_request
from app.wire.oip_response import Written, write_response

PATH = "/v2/models/{model}/infer"
VERSIONED_PATH = "/v2/models/{model}/versions/{version}/infer"
_PATH = re.compile(r"/v2/models/([^/]+)(?:/versions/([^/]+))?/infer")


class Prepared(NamedTuple):
    """What a request brings: checked tensors, the time and class that they have; what reading took, how to answer."""

    tensors: Tensors
    timeout_seconds: float
    priority: Priority
    read_seconds: float
    request: InferRequest


class InferEndpoint:
    """Answers inference requests for every served model, with its signature's own tensors."""

    dialect = OIP
    prefix = b"/v2/models/"

    def __init__(self, registry: Registry, max_rows: int, max_body_bytes: int, timeout_seconds: float) -> None:
        self._registry = registry
        self._max_rows = max_rows
        self._max_body_bytes = max_body_bytes
        self._timeout_seconds = timeout_seconds

    def claims(self, path: str) -> Mapping[str, str] | None:
        """The model, and the version where one is named, of a path of this endpoint's; None for any other."""
        match = _PATH.fullmatch(path)
        if match is None:
            return None
        model, version = match.groups()
        return {"model": model} if version is None else {"model": model, "version": version}

    def route_of(self, parameters: Mapping[str, str]) -> str:
        """What metrics and the log call such a path."""
        return VERSIONED_PATH if "version" in parameters else PATH

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; a client that leaves gets no answer, everybody else exactly one."""
        record = record_of(scope)
        record.route = self.route_of(scope["path_params"])
        departure = Departure(receive)
        exchange = Exchange(scope, receive, send, record)
        answering = self._answer(exchange, departure)
        await conclude(answering, send, record, departure, OIP, request_id=lambda: exchange.request_id)

    def understand(self, parameters: Mapping[str, str], query: bytes, headers: Headers) -> Mapping[str, str] | None:
        """The model that a head names; None where a body is, or shall be, compressed."""
        del query
        is_plain = b"content-encoding" not in headers and asked_encoding(headers.get(b"accept-encoding")) is None
        return parameters if is_plain else None

    def begin(self, asked: Mapping[str, str], body: bytes, exchange: FastExchange) -> Call:
        """Read, and let the rows wait."""
        directed = self._directed(asked, exchange)
        prepared = self._prepared(body, directed, exchange, exchange.started)
        return start_infer(
            directed.model,
            prepared.tensors,
            prepared.timeout_seconds,
            prepared.priority,
            read_seconds=prepared.read_seconds,
            write=lambda inference: _content(_written(inference, prepared, directed.model)),
            done=exchange.finish,
        )

    async def _answer(self, exchange: Exchange, departure: Departure) -> None:
        """Read, infer, respond."""
        directed = self._directed(exchange.scope["path_params"], exchange)
        data = await read_tensors(
            exchange.scope, exchange.receive, exchange.headers, self._max_body_bytes, directed.timeout_seconds
        )
        prepared = self._prepared(data, directed, exchange, perf_counter())
        with departure:
            written = await infer_and_write(
                directed.model,
                prepared.tensors,
                prepared.timeout_seconds,
                prepared.priority,
                read_seconds=prepared.read_seconds,
                write=lambda inference: _written(inference, prepared, directed.model),
            )
        await exchange.respond(written)

    def _directed(self, named: Mapping[str, str], exchange: Exchange | FastExchange) -> Directed:
        """What the head says, before the body is looked at; raises what would be refused whatever that is."""
        model = find_model(self._registry, named)
        return direct(model, exchange.headers, self._timeout_seconds, exchange.record, may_rise=True)

    def _prepared(
        self, data: bytes | memoryview, directed: Directed, exchange: Exchange | FastExchange, arrived: float
    ) -> Prepared:
        """What the body says, checked; tells the exchange what the client calls the request."""
        model = directed.model
        request = _request_in(data, exchange.headers, model)
        exchange.request_id = request.request_id or exchange.request_id
        names = [spec.name for spec in model.signature.outputs]
        wanted_outputs(request.outputs, names, is_binary=request.is_binary)
        tensors = check_arrays(request.tensors, model.signature)
        check_rows(rows_of(tensors), self._max_rows)
        wanted_seconds, wanted_class = wanted_timeout(request.parameters), wanted_priority(request.parameters)
        allowed_seconds = directed.timeout_seconds if wanted_seconds is None else wanted_seconds
        now = perf_counter()
        left_seconds = min(allowed_seconds, directed.timeout_seconds) - (now - exchange.started)
        priority = directed.priority if wanted_class is None else wanted_class
        return Prepared(tensors, max(left_seconds, 0.0), priority, now - arrived, request)


def _request_in(data: bytes | memoryview, headers: Headers, model: ServedModel) -> InferRequest:
    """The request that a body holds; raises `RequestInvalid`."""
    header_length = header_length_of(headers.get(HEADER_LENGTH), len(data))
    return raw_request(data, model.signature.inputs) if header_length == 0 else read_request(data, header_length)


def _written(inference: Inference, prepared: Prepared, model: ServedModel) -> Written:
    """The answer as the request wants it."""
    return write_response(inference, prepared.request, model.manifest.labels)


def _content(written: Written) -> Content:
    """The answer in one piece."""
    content = b"".join(written.chunks)
    return Content([*head_of(written), (b"content-length", b"%d" % len(content))], content)
