"""Every call is counted, timed and logged once, and nothing of ours gets out when something of ours fails."""

import json
import logging
import os
from pathlib import Path
from typing import Any

import grpc
import pytest

from app.grpc import inference_service
from app.grpc.inference import Models
from app.observability.access_log import AccessLog
from app.wire.protos import inference_pb2 as oip

SERVICE = inference_service.SERVICE


async def test_a_call_is_counted_under_its_method_and_never_under_a_client_s_word(serving: Any) -> None:
    async with serving() as served:
        stub = served.stub(SERVICE)
        await stub.ServerLive(oip.ServerLiveRequest())
        for _ in range(2):
            with pytest.raises(grpc.aio.AioRpcError):
                await stub.ModelInfer(oip.ModelInferRequest(model_name="what a client wrote"))
        assert served.counted(f"/{SERVICE}/ServerLive", code="200", model="") == 1
        assert served.counted(f"/{SERVICE}/ModelInfer", code="404", model="") == 2


async def test_a_call_is_a_line_of_the_log(serving: Any, tmp_path: Path) -> None:
    path = tmp_path / "log"
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    async with serving(access_log=AccessLog(descriptor)) as served:
        request = oip.ModelMetadataRequest(name="digit")
        await served.stub(SERVICE).ModelMetadata(request, metadata=(("x-request-id", "mine"),))
    os.close(descriptor)
    (line,) = map(json.loads, path.read_text().splitlines())
    assert (line["method"], line["route"], line["status"]) == ("gRPC", f"/{SERVICE}/ModelMetadata", 200)
    assert (line["request_id"], line["model"]) == ("mine", "digit/1")


async def test_a_failure_of_our_own_tells_where_to_look_and_no_more(
    serving: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving() as served:
        monkeypatch.setattr(Models, "find", lambda *_: 1 / 0)
        request = oip.ModelConfigRequest(name="digit")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await served.stub(SERVICE).ModelConfig(request, metadata=(("x-request-id", "mine"),))
        assert caught.value.code() == grpc.StatusCode.INTERNAL
        assert caught.value.details() == "the server failed; its log has the cause under request_id mine"
        assert served.counted(f"/{SERVICE}/ModelConfig", code="500") == 1
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "ZeroDivisionError" in str(record.exc_info)


async def test_methods_that_mean_nothing_here_say_so(serving: Any) -> None:
    async with serving() as served:
        for method in ("SystemSharedMemoryStatus", "CudaSharedMemoryRegister"):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await getattr(served.stub(SERVICE), method)(getattr(oip, f"{method}Request")())
            assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED
            assert "ServerMetadata lists" in caught.value.details()
