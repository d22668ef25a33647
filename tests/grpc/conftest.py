"""The gRPC port of a real process: the production lifespan over small models, and channels that call it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio
from fastapi import FastAPI
from google.protobuf.message_factory import GetMessageClass
from prometheus_client import CollectorRegistry

from app.grpc.server import GrpcServer
from app.inference.batcher import Batcher
from app.lifecycle.loader import Loader
from app.lifecycle.readiness import Readiness
from app.lifecycle.registry import Registry
from app.lifecycle.running import Running
from app.lifecycle.served_model import ServedModel
from app.lifespan import make_lifespan
from app.observability.access_log import AccessLog
from app.observability.metrics import Metrics
from app.repository.manifest import Manifest, Plan, Tensors
from app.repository.scanner import VersionFolder
from app.settings import Settings
from app.tasks.tensor import TensorTask
from app.types import Signature
from app.wire.protos.pool import POOL


class Stub:
    """A client of one service: its methods by name, as generated code would have them."""

    def __init__(self, channel: Any, service: str) -> None:
        for method in POOL.FindServiceByName(service).methods:
            kind = (
                f"{'stream' if method.client_streaming else 'unary'}_{'stream' if method.server_streaming else 'unary'}"
            )
            call = getattr(channel, kind)(
                f"/{service}/{method.name}",
                request_serializer=GetMessageClass(method.input_type).SerializeToString,
                response_deserializer=GetMessageClass(method.output_type).FromString,
            )
            setattr(self, method.name, call)


@dataclass
class Served:
    """An open gRPC port, a channel to it, and what stands behind it."""

    server: GrpcServer
    registry: Registry
    readiness: Readiness
    metrics: Metrics
    channel: grpc.aio.Channel

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.port}"

    def stub(self, service: str) -> Any:
        return Stub(self.channel, service)

    def counted(self, route: str, **labels: str) -> float:
        """The calls of a method that were counted under these labels."""
        self.metrics.flush()
        samples = [sample for family in self.metrics.registry.collect() for sample in family.samples]
        wanted = {"route": route, **labels}.items()
        return sum(
            each.value for each in samples if each.name == "horngate_requests_total" and wanted <= each.labels.items()
        )

    def add(self, name: str, signature: Signature, batcher: Batcher, observer: Any) -> ServedModel:
        """Serve one more model, version 1, of whatever runs behind its batcher."""
        model = _made(name, signature, batcher, observer)
        self.registry.add(name, [model], 1, {"stable": 1})
        return model


def _made(name: str, signature: Signature, batcher: Batcher, observer: Any) -> ServedModel:
    plan = Plan(runtime="onnx", max_batch_rows=8)
    manifest = Manifest(name=name, version=1, task="tensor", signature=Tensors.of(signature), plan=plan, files={})
    folder = VersionFolder(name, 1, Path(name) / "1")
    task, running = TensorTask(signature), Running.of(plan)
    return ServedModel(folder, manifest, signature, task, batcher, batcher._pool, observer, running)


@pytest.fixture(scope="session")
def make_served() -> Callable[..., ServedModel]:
    """A served model, version 1, of whatever runs behind its batcher."""
    return _made


Serving = Callable[..., AbstractAsyncContextManager[Served]]


@pytest.fixture(scope="session")
def serving(tiny_models: Path) -> Serving:
    """Opens the port over a models folder, its lifespan entered, on the running loop."""

    @asynccontextmanager
    async def serve(
        models: Path = tiny_models, access_log: AccessLog | None = None, **settings: Any
    ) -> AsyncIterator[Served]:
        chosen = Settings(models_dir=models, grpc_port=0, drain_seconds=5, **settings)
        registry, metrics = Registry(), Metrics(CollectorRegistry())
        readiness = Readiness(registry, ())
        loader = Loader(models, registry, metrics, max_queue_rows=chosen.max_queue_rows)
        server = GrpcServer(chosen, readiness, metrics, access_log)
        lifespan = make_lifespan(chosen, loader, readiness, metrics, access_log, port=server)
        async with lifespan(FastAPI()):
            options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
            async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}", options) as channel:
                yield Served(server, registry, readiness, metrics, channel)

    return serve


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(serving: Serving) -> AsyncIterator[Served]:
    """The four tiny models, one port per module: its tests run on the module's loop."""
    async with serving() as served:
        yield served
