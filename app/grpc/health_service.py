"""`grpc.health.v1.Health`: whether the server, one of its services or a model answers.

After grpc/grpc, doc/health-checking.md. A name is a service's or a model's; none means the server.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from app.errors import HorngateError, ModelNotFound
from app.grpc.call import Call
from app.grpc.methods import Stream, Unary
from app.lifecycle.readiness import Readiness
from app.wire.protos.health_pb2 import HealthCheckRequest, HealthCheckResponse

SERVICE = "grpc.health.v1.Health"
Status = HealthCheckResponse.ServingStatus


class HealthService:
    """Answers `Check` and `Watch` for the server's `services` and every served model."""

    def __init__(self, readiness: Readiness, services: tuple[str, ...]) -> None:
        self._readiness = readiness
        self._services = ("", *services)
        self._watchers: set[asyncio.Event] = set()
        self._is_closing = False

    def unary(self) -> Mapping[str, Unary]:
        """The methods of one answer."""
        return {"Check": self.check}

    def streams(self) -> Mapping[str, Stream]:
        """The methods whose answers stream."""
        return {"Watch": self.watch}

    async def check(self, request: HealthCheckRequest, _call: Call) -> HealthCheckResponse:
        """Whether it serves now; raises `ModelNotFound` for a name that neither a service nor a model has."""
        status = self._status(request.service)
        if status == Status.SERVICE_UNKNOWN:
            raise ModelNotFound(f"expected a service or a model; received {request.service[:64]!r}")
        return HealthCheckResponse(status=status)

    async def watch(self, request: HealthCheckRequest, _context: Any) -> AsyncIterator[HealthCheckResponse]:
        """Whether it serves, now and after each change; ends when the server does."""
        changed = asyncio.Event()
        self._watchers.add(changed)
        last = None
        try:
            while not (self._is_closing and last == Status.NOT_SERVING):
                changed.clear()
                status = Status.NOT_SERVING if self._is_closing else self._status(request.service)
                if status != last:
                    last = status
                    yield HealthCheckResponse(status=status)
                else:
                    await changed.wait()
        finally:
            self._watchers.discard(changed)

    def changed(self) -> None:
        """Readiness or the served models may have changed: who watches is told of it."""
        for watcher in self._watchers:
            watcher.set()

    def close(self) -> None:
        """Nothing is served any more: who watches hears that, and then the end."""
        self._is_closing = True
        self.changed()

    def _status(self, name: str) -> Status:
        """What is known of a name."""
        if self._readiness.is_draining:
            return Status.NOT_SERVING
        if name in self._services:
            return Status.NOT_SERVING if self._readiness.missing() else Status.SERVING
        try:
            self._readiness.registry.resolve(name)
        except ModelNotFound:
            return Status.SERVICE_UNKNOWN
        except HorngateError:  # it may still come
            return Status.NOT_SERVING
        return Status.SERVING
