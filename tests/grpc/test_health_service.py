"""gRPC's health service: the server, its services and its models, now and after each change."""

from typing import Any

import grpc
import pytest

from app.grpc.health_service import SERVICE, HealthService, Status
from app.lifecycle.readiness import Readiness
from app.lifecycle.registry import Registry
from app.wire.protos.health_pb2 import HealthCheckRequest


async def _check(served: Any, name: str) -> int:
    return (await served.stub(SERVICE).Check(HealthCheckRequest(service=name))).status


async def test_the_server_its_services_and_its_models_serve(serving: Any) -> None:
    async with serving() as served:
        for name in ("", "inference.GRPCInferenceService", "tensorflow.serving.PredictionService", "digit"):
            assert await _check(served, name) == Status.SERVING
        served.readiness.is_draining = True
        assert await _check(served, "") == await _check(served, "digit") == Status.NOT_SERVING


async def test_an_unknown_name_is_not_found(serving: Any) -> None:
    async with serving() as served:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await _check(served, "digits")
    assert caught.value.code() == grpc.StatusCode.NOT_FOUND
    assert caught.value.details() == "expected a service or a model; received 'digits'"


async def test_who_watches_hears_of_each_change_and_of_the_end(serving: Any) -> None:
    async with serving() as served:
        watch = served.stub(SERVICE).Watch(HealthCheckRequest())
        assert (await watch.read()).status == Status.SERVING
        served.server.readiness_changed()  # nothing is told where nothing differs
        served.readiness.is_draining = True
        served.server.readiness_changed()
        assert (await watch.read()).status == Status.NOT_SERVING
        served.readiness.is_draining = False
        served.server.readiness_changed()
        assert (await watch.read()).status == Status.SERVING
        await served.server.close(5)
        assert (await watch.read()).status == Status.NOT_SERVING
        assert await watch.read() is grpc.aio.EOF


async def test_an_unknown_name_may_be_watched_until_it_comes(serving: Any) -> None:
    async with serving() as served:
        watch = served.stub(SERVICE).Watch(HealthCheckRequest(service="later"))
        assert (await watch.read()).status == Status.SERVICE_UNKNOWN
        model = served.registry.resolve("digit")
        served.registry.add("later", [model], model.version, {})
        served.server.readiness_changed()
        assert (await watch.read()).status == Status.SERVING


async def test_while_models_are_loaded_nothing_serves_yet() -> None:
    registry = Registry()
    health = HealthService(Readiness(registry, ()), ("a.Service",))
    for name in ("", "a.Service", "model"):
        assert (await health.check(HealthCheckRequest(service=name), None)).status == Status.NOT_SERVING
