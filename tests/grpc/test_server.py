"""The port itself: its bounds, and the end of what is open on it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from prometheus_client import CollectorRegistry

from app.grpc import inference_service, reflection_service
from app.grpc.server import SERVICES, GrpcServer
from app.lifecycle.readiness import Readiness
from app.lifecycle.registry import Registry
from app.main import create_app
from app.observability.metrics import Metrics
from app.settings import Settings
from app.wire.protos import inference_pb2 as oip
from app.wire.protos import reflection_v1_pb2 as reflection

SERVICE = inference_service.SERVICE
LIMIT = 4096


def _tokens(rows: int) -> oip.ModelInferRequest:
    request = oip.ModelInferRequest(model_name="sentiment", raw_input_contents=[bytes(24 * rows)])
    request.inputs.add(name="tokens", datatype="INT32", shape=[rows, 6])
    return request


@pytest.mark.parametrize("compression", [grpc.Compression.NoCompression, grpc.Compression.Gzip])
async def test_a_message_over_the_limit_is_refused_packed_or_not(serving: Any, compression: Any) -> None:
    async with serving(max_body_bytes=LIMIT) as served:
        stub = served.stub(SERVICE)
        assert (await stub.ModelInfer(_tokens(100), compression=compression)).outputs
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.ModelInfer(_tokens(10_000), compression=compression)
        assert caught.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        assert "larger than max" in caught.value.details()


async def test_bytes_that_are_no_message_end_the_call_and_nothing_else(serving: Any) -> None:
    async with serving() as served:
        call = served.channel.unary_unary(f"/{SERVICE}/ModelInfer")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(b"\xff\xff\xff")
        assert caught.value.code() in (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN)
        assert (await served.stub(SERVICE).ServerLive(oip.ServerLiveRequest())).live


async def test_a_method_that_nobody_knows_is_unimplemented(serving: Any) -> None:
    async with serving() as served:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await served.channel.unary_unary("/no.Such/Method")(b"")
        assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED
        assert served.counted("/no.Such/Method") == 0


async def test_closing_answers_what_is_under_way_and_ends_what_stays_open(
    serving: Any, batcher_of: Any, doubling: Any, observer: Any
) -> None:
    asked = asyncio.Event()

    async def one_question() -> AsyncIterator[reflection.ServerReflectionRequest]:
        yield reflection.ServerReflectionRequest(list_services="")
        asked.set()
        await asyncio.Event().wait()

    async with serving() as served:
        doubling.gate.clear()
        served.add("held", doubling.signature, batcher_of(), observer)
        request = oip.ModelInferRequest(model_name="held")
        request.inputs.add(name="x", datatype="FP32", shape=[1, 1], contents={"fp32_contents": [1]})
        running = asyncio.ensure_future(served.stub(SERVICE).ModelInfer(request))
        stream = served.stub(reflection_service.SERVICES[0]).ServerReflectionInfo(one_question())
        services = (await stream.read()).list_services_response.service
        assert [service.name for service in services] == list(SERVICES)
        await asyncio.to_thread(doubling.entered.acquire)
        closing = asyncio.ensure_future(served.server.close(30))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stream.read()
        assert (caught.value.code(), caught.value.details()) == (
            grpc.StatusCode.UNAVAILABLE,
            "the server is shutting down",
        )
        doubling.gate.set()
        assert (await running).raw_output_contents
        await closing


async def test_an_address_of_ip_version_6_is_written_as_one() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    metrics = Metrics(CollectorRegistry())
    server = GrpcServer(Settings(host="::1", grpc_port=0), Readiness(Registry(), ()), metrics, None)
    try:
        await server.open()
    except RuntimeError:
        pytest.skip("this machine has no address ::1")
    async with grpc.aio.insecure_channel(f"[::1]:{server.port}") as channel:
        answer = await channel.unary_unary(f"/{SERVICE}/ServerLive")(b"")
    await server.close(0)
    assert oip.ServerLiveResponse.FromString(answer).live


async def test_closing_a_port_that_was_never_opened_is_nothing() -> None:
    settings = Settings(grpc_port=0)
    await GrpcServer(settings, Readiness(Registry(), ()), Metrics(CollectorRegistry()), None).close(0)


async def test_the_application_opens_the_port_that_its_settings_name(
    tiny_models: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    app = create_app(Settings(models_dir=tiny_models, grpc_port=0, access_log=False))
    async with app.router.lifespan_context(app):
        (record,) = [record for record in caplog.records if record.message == "gRPC is open"]
        async with grpc.aio.insecure_channel(record.fields["address"]) as channel:
            answer = await channel.unary_unary(f"/{SERVICE}/ServerReady")(b"")
    assert oip.ServerReadyResponse.FromString(answer).ready
