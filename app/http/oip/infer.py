"""`POST /v2/models/{model}/infer`: plain ASGI from the bytes of a request to the bytes of its answer."""

import re
from collections.abc import Mapping
from time import perf_counter

from starlette.types import Receive, Scope, Send

from app.http.departure import Departure
from app.http.directives import priority_of, timeout_of
from app.http.ending import conclude
from app.http.oip.arrival import read_tensors
from app.http.oip.exchange import HEADER_LENGTH, Exchange
from app.http.oip.naming import find_model
from app.http.oip.refusals import OIP
from app.http.record import record_of
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel
from app.service import infer_and_write, refuse_early
from app.types import Priority, rows_of
from app.validation import check_arrays, check_rows
from app.wire.oip_binary import header_length_of
from app.wire.oip_parameters import priority_of as wanted_priority
from app.wire.oip_parameters import timeout_of as wanted_timeout
from app.wire.oip_raw import raw_request
from app.wire.oip_request import InferRequest, read_request
from app.wire.oip_response import wanted_outputs, write_response

PATH = "/v2/models/{model}/infer"
VERSIONED_PATH = "/v2/models/{model}/versions/{version}/infer"
_PATH = re.compile(r"/v2/models/([^/]+)(?:/versions/([^/]+))?/infer")


class InferEndpoint:
    """Answers inference requests for every served model, with its signature's own tensors."""

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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; a client that leaves gets no answer, everybody else exactly one."""
        record = record_of(scope)
        record.route = VERSIONED_PATH if "version" in scope["path_params"] else PATH
        departure = Departure(receive)
        exchange = Exchange(scope, receive, send, record)
        answering = self._answer(exchange, departure)
        await conclude(answering, send, record, departure, OIP, request_id=lambda: exchange.request_id)

    async def _answer(self, exchange: Exchange, departure: Departure) -> None:
        """Read, infer, respond."""
        started = perf_counter()
        model = find_model(self._registry, exchange.scope["path_params"])
        exchange.record.model, exchange.record.version = model.name, str(model.version)
        timeout_seconds = timeout_of(exchange.headers, self._timeout_seconds)
        priority = priority_of(exchange.headers)
        # The body may still ask for the highest class.
        refuse_early(model, priority if b"x-priority" in exchange.headers else Priority.HIGH)
        data = await read_tensors(
            exchange.scope, exchange.receive, exchange.headers, self._max_body_bytes, timeout_seconds
        )
        arrived = perf_counter()
        request = _request_in(data, exchange, model)
        exchange.request_id = request.request_id or exchange.request_id
        wanted_outputs(request, [spec.name for spec in model.signature.outputs])
        tensors = check_arrays(request.tensors, model.signature)
        check_rows(rows_of(tensors), self._max_rows)
        wanted_seconds, wanted_class = wanted_timeout(request.parameters), wanted_priority(request.parameters)
        allowed_seconds = timeout_seconds if wanted_seconds is None else min(wanted_seconds, timeout_seconds)
        now = perf_counter()
        with departure:
            written = await infer_and_write(
                model,
                tensors,
                max(allowed_seconds - (now - started), 0.0),
                priority if wanted_class is None else wanted_class,
                read_seconds=now - arrived,
                write=lambda inference: write_response(inference, request, model.manifest.labels),
            )
        await exchange.respond(written)


def _request_in(data: bytes | memoryview, exchange: Exchange, model: ServedModel) -> InferRequest:
    """The request that a body holds; raises `RequestInvalid`."""
    header_length = header_length_of(exchange.headers.get(HEADER_LENGTH), len(data))
    return raw_request(data, model.signature.inputs) if header_length == 0 else read_request(data, header_length)
