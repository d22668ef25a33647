"""The gRPC port of one worker: all services on it, in the worker's event loop, beside HTTP."""

import logging
from collections.abc import Mapping

import grpc

from app.grpc import health_service, inference_service, model_service, prediction_service
from app.grpc.health_service import HealthService
from app.grpc.inference import Models
from app.grpc.inference_models import ModelsService
from app.grpc.inference_service import InferenceService
from app.grpc.inference_settings import SettingsService
from app.grpc.inference_statistics import StatisticsService
from app.grpc.methods import Answering, Observer, Stream, Unary, service_handler
from app.grpc.model_service import ModelService
from app.grpc.prediction_service import PredictionService
from app.grpc.reflection_service import SERVICES as REFLECTION
from app.grpc.reflection_service import ReflectionService
from app.grpc.streaming import OpenStreams
from app.lifecycle.readiness import Readiness
from app.observability.access_log import AccessLog
from app.observability.metrics import Metrics
from app.settings import Settings

logger = logging.getLogger(__name__)

SERVICES = (
    inference_service.SERVICE,
    prediction_service.SERVICE,
    model_service.SERVICE,
    health_service.SERVICE,
    *REFLECTION,
)


class GrpcServer:
    """Serves the models of one registry over gRPC; `port` is the one that it got, once it is open."""

    def __init__(
        self, settings: Settings, readiness: Readiness, metrics: Metrics, access_log: AccessLog | None
    ) -> None:
        self.port = settings.grpc_port or 0
        self._settings = settings
        self._readiness = readiness
        self._metrics = metrics
        self._answering = Answering(Observer(metrics, access_log), settings.request_timeout_seconds)
        self._health = HealthService(readiness, SERVICES)
        self._open_streams = OpenStreams()
        self._server: grpc.aio.Server | None = None

    async def open(self) -> None:
        """Listen, beside the other workers, which share the port; raises `RuntimeError` where it cannot be had."""
        options = (
            ("grpc.so_reuseport", 1),
            ("grpc.max_receive_message_length", self._settings.max_body_bytes),
            ("grpc.max_send_message_length", -1),
        )
        self._server = grpc.aio.server(options=options)
        self._server.add_generic_rpc_handlers(self._handlers())
        host = self._settings.host
        address = f"[{host}]" if ":" in host else host
        self.port = self._server.add_insecure_port(f"{address}:{self.port}")
        await self._server.start()
        logger.info("gRPC is open", extra={"fields": {"address": f"{address}:{self.port}"}})

    def readiness_changed(self) -> None:
        """Who watches the health service is told."""
        self._health.changed()

    async def close(self, drain_seconds: float) -> None:
        """Take no more calls, let those in flight finish for so long, and cancel what is left then."""
        self._health.close()
        self._open_streams.close()
        if self._server is not None:
            await self._server.stop(drain_seconds)

    def _handlers(self) -> list[grpc.GenericRpcHandler]:
        """A handler for each service."""
        readiness, settings = self._readiness, self._settings
        models = Models(readiness.registry, settings.max_request_rows)
        inference = InferenceService(models, self._answering, self._open_streams)
        facts = (
            ModelsService(models, readiness),
            StatisticsService(models, self._metrics),
            SettingsService(readiness.registry),
        )
        unary: dict[str, Mapping[str, Unary]] = {
            inference_service.SERVICE: {
                name: method for part in (inference, *facts) for name, method in part.unary().items()
            },
            prediction_service.SERVICE: PredictionService(models, settings.max_body_bytes).unary(),
            model_service.SERVICE: ModelService(readiness.registry).unary(),
            health_service.SERVICE: self._health.unary(),
        }
        streams: dict[str, Mapping[str, Stream]] = {
            inference_service.SERVICE: inference.streams(),
            health_service.SERVICE: self._health.streams(),
            **{name: ReflectionService(name, SERVICES, self._open_streams).streams() for name in REFLECTION},
        }
        return [service_handler(name, unary.get(name, {}), streams.get(name, {}), self._answering) for name in SERVICES]
