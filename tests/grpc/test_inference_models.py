"""What is told of the server and its models in the Open Inference Protocol."""

from importlib.metadata import version
from typing import Any

import grpc
import pytest

from app.grpc.inference_service import SERVICE
from app.wire.protos import inference_pb2 as oip


async def test_the_server_is_live_and_ready_until_it_drains(serving: Any) -> None:
    async with serving() as served:
        stub = served.stub(SERVICE)

        async def are_ready() -> tuple[bool, bool]:
            server = await stub.ServerReady(oip.ServerReadyRequest())
            return server.ready, (await stub.ModelReady(oip.ModelReadyRequest(name="digit", version="1"))).ready

        assert await are_ready() == (True, True)
        served.readiness.is_draining = True
        assert await are_ready() == (False, False)
        assert (await stub.ServerLive(oip.ServerLiveRequest())).live


async def test_a_model_that_is_not_there_is_not_ready(serving: Any) -> None:
    async with serving() as served:
        stub = served.stub(SERVICE)
        for fields in ({"name": "none"}, {"name": "digit", "version": "9"}):
            assert not (await stub.ModelReady(oip.ModelReadyRequest(**fields))).ready
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.ModelReady(oip.ModelReadyRequest(name="digit", version="x"))
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT


async def test_the_server_names_itself_and_what_works(serving: Any) -> None:
    async with serving() as served:
        metadata = await served.stub(SERVICE).ServerMetadata(oip.ServerMetadataRequest())
    assert (metadata.name, metadata.version) == ("horngate", version("horngate"))
    assert "statistics" in metadata.extensions


async def test_a_models_tensors_are_told(serving: Any) -> None:
    async with serving() as served:
        stub = served.stub(SERVICE)
        metadata = await stub.ModelMetadata(oip.ModelMetadataRequest(name="adder"))
        pinned = await stub.ModelMetadata(oip.ModelMetadataRequest(name="adder", version="1"))
        config = (await stub.ModelConfig(oip.ModelConfigRequest(name="adder"))).config
    assert metadata == pinned
    assert [(each.name, each.datatype, list(each.shape)) for each in metadata.inputs] == [
        ("left", "FP32", [-1, 2]),
        ("right", "FP32", [-1, 2]),
        ("count", "INT32", [-1]),
    ]
    assert list(metadata.versions) == ["1"]
    assert config.max_batch_size == 8
    assert [(each.name, list(each.dims)) for each in config.output] == [("sum", [2]), ("tripled", [])]
