"""From a service's handlers to what gRPC calls: every call ends here, counted, timed and logged."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from time import perf_counter
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from grpc import StatusCode

from app.errors import HorngateError
from app.grpc.call import Call
from app.grpc.status import HTTP, Refusal, Unimplemented, refusal_of
from app.observability.access_log import AccessLog, Entry
from app.observability.metrics import Metrics
from app.wire.protos.pool import POOL

logger = logging.getLogger(__name__)

Unary = Callable[[Any, Call], Awaitable[Any]]
"""Answers one request with one message; raises `HorngateError`."""

Stream = Callable[[Any, Any], AsyncIterator[Any]]
"""Answers a request, or an iterator of requests, with messages; is given gRPC's context, and does its own counting."""


class Observer:
    """Is told of every call once, when its answer is there; what a client wrote reaches metrics under no name."""

    def __init__(self, metrics: Metrics, access_log: AccessLog | None) -> None:
        self._metrics = metrics
        self._access_log = access_log

    def finished(self, call: Call, route: str, code: StatusCode, seconds: float) -> None:
        """Count, time and log."""
        status = HTTP[code]
        self._metrics.request_finished(route, call.model, call.version, status, seconds)
        if self._access_log is not None:
            model = f"{call.model}/{call.version}" if call.model else ""
            self._access_log.write(Entry(call.request_id, "gRPC", route, status, seconds, model))


class Answering:
    """Runs handlers: gives each its `Call`, turns what it raises into a status, and tells the observer."""

    def __init__(self, observer: Observer, longest_seconds: float) -> None:
        self._observer = observer
        self._longest_seconds = longest_seconds

    async def answer(self, handler: Unary, route: str, request: Any, context: Any) -> Any:
        """The handler's answer, or a `Refusal`; a caller that leaves, or whose deadline passes, gets none."""
        started = perf_counter()
        call = Call(context, self._longest_seconds)
        code = None
        try:
            answer = await self._outcome(handler, route, request, call)
            code = answer.code if isinstance(answer, Refusal) else StatusCode.OK
            return answer
        finally:
            if code is None:
                code = StatusCode.DEADLINE_EXCEEDED if call.is_late else StatusCode.CANCELLED
            self._observer.finished(call, route, code, perf_counter() - started)

    async def _outcome(self, handler: Unary, route: str, request: Any, call: Call) -> Any:
        """The handler's answer, or what the caller is told instead."""
        try:
            return await handler(request, call)
        except HorngateError as error:
            return refusal_of(error)
        except Exception:
            logger.exception("a call failed", extra={"fields": {"route": route, "request_id": call.request_id}})
            told = f"the server failed; its log has the cause under request_id {call.request_id}"
            return Refusal(StatusCode.INTERNAL, told)


def route_of(service: str, method: str) -> str:
    """What metrics and the log call a method: its path on the wire."""
    return f"/{service}/{method}"


def service_handler(
    service: str, unary: Mapping[str, Unary], streams: Mapping[str, Stream], answering: Answering
) -> grpc.GenericRpcHandler:
    """What gRPC needs to call a service of ours; its other methods are UNIMPLEMENTED, with a word."""
    handlers = {}
    for method in POOL.FindServiceByName(service).methods:
        if method.name in streams:
            handlers[method.name] = _stream(method, streams[method.name])
        else:
            handlers[method.name] = _unary(method, unary.get(method.name, _absent), answering)
    return grpc.method_handlers_generic_handler(service, handlers)


def _unary(method: MethodDescriptor, handler: Unary, answering: Answering) -> grpc.RpcMethodHandler:
    """A method of one request and one answer."""
    route = route_of(method.containing_service.full_name, method.name)

    async def respond(request: Any, context: Any) -> Any:
        answer = await answering.answer(handler, route, request, context)
        if isinstance(answer, Refusal):
            await context.abort(answer.code, answer.detail, answer.metadata)
        return answer

    read, write = _codec(method)
    return grpc.unary_unary_rpc_method_handler(respond, read, write)


def _stream(method: MethodDescriptor, handler: Stream) -> grpc.RpcMethodHandler:
    """A method whose answers stream, and perhaps its requests too."""

    async def respond(request: Any, context: Any) -> AsyncIterator[Any]:
        try:
            async for answer in handler(request, context):
                yield answer
        except HorngateError as error:
            refusal = refusal_of(error)
            await context.abort(refusal.code, refusal.detail, refusal.metadata)

    make = grpc.stream_stream_rpc_method_handler if method.client_streaming else grpc.unary_stream_rpc_method_handler
    return make(respond, *_codec(method))


def _codec(method: MethodDescriptor) -> tuple[Callable[[bytes], Any], Callable[[Any], bytes]]:
    """From bytes to the method's request, and from its answer to bytes."""
    return GetMessageClass(method.input_type).FromString, GetMessageClass(method.output_type).SerializeToString


async def _absent(_request: Any, _call: Call) -> Any:
    """A method that this server does not have."""
    raise Unimplemented("this server has no such thing; ServerMetadata lists the extensions that it has")
