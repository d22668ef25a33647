"""The repository and the settings can be read; what would change them says why it does not."""

import logging
from pathlib import Path
from typing import Any

import grpc
import pytest

from app.grpc.inference_service import SERVICE
from app.wire.protos import inference_pb2 as oip


async def _refused(call: Any) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code(), caught.value.details()


async def test_the_index_tells_what_is_served_and_what_cannot_be(
    serving: Any, tmp_path: Path, build_digit: Any
) -> None:
    build_digit(tmp_path)
    (tmp_path / "broken" / "1").mkdir(parents=True)
    async with serving(tmp_path) as served:
        index = (await served.stub(SERVICE).RepositoryIndex(oip.RepositoryIndexRequest())).models
        ready = (await served.stub(SERVICE).RepositoryIndex(oip.RepositoryIndexRequest(ready=True))).models
    assert [(each.name, each.version, each.state, bool(each.reason)) for each in index] == [
        ("digit", "1", "READY", False),
        ("broken", "1", "UNAVAILABLE", True),
    ]
    assert [each.name for each in ready] == ["digit"]


async def test_a_served_model_is_loaded_already_and_none_is_unloaded(serving: Any) -> None:
    async with serving() as served:
        stub = served.stub(SERVICE)
        await stub.RepositoryModelLoad(oip.RepositoryModelLoadRequest(model_name="digit"))
        config = oip.RepositoryModelLoadRequest(model_name="digit", parameters={"config": {"string_param": "{}"}})
        for call, code in (
            (stub.RepositoryModelLoad(config), grpc.StatusCode.UNIMPLEMENTED),
            (stub.RepositoryModelLoad(oip.RepositoryModelLoadRequest(model_name="none")), grpc.StatusCode.NOT_FOUND),
            (
                stub.RepositoryModelUnload(oip.RepositoryModelUnloadRequest(model_name="digit")),
                grpc.StatusCode.UNIMPLEMENTED,
            ),
            (
                stub.RepositoryModelUnload(oip.RepositoryModelUnloadRequest(model_name="none")),
                grpc.StatusCode.NOT_FOUND,
            ),
        ):
            assert (await _refused(call))[0] == code


async def test_trace_settings_are_read_and_may_be_set_to_what_they_are(serving: Any) -> None:
    async with serving() as served:
        stub = served.stub(SERVICE)
        for settings in ({}, {"trace_level": {"value": ["OFF"]}}, {"trace_rate": {"value": []}}):
            told = await stub.TraceSetting(oip.TraceSettingRequest(settings=settings, model_name="digit"))
            assert list(told.settings["trace_level"].value) == ["OFF"]
        code, words = await _refused(
            stub.TraceSetting(oip.TraceSettingRequest(settings={"trace_level": {"value": ["TENSORS"]}}))
        )
        assert (code, "nothing is traced" in words) == (grpc.StatusCode.UNIMPLEMENTED, True)
        assert (await _refused(stub.TraceSetting(oip.TraceSettingRequest(model_name="none"))))[
            0
        ] == grpc.StatusCode.NOT_FOUND


async def test_log_settings_are_read_and_may_be_set_to_what_they_are(serving: Any) -> None:
    logging.getLogger().setLevel(logging.INFO)
    async with serving() as served:
        stub = served.stub(SERVICE)
        told = (await stub.LogSettings(oip.LogSettingsRequest(settings={"log_info": {"bool_param": True}}))).settings
        assert (told["log_info"].bool_param, told["log_verbose_level"].uint32_param) == (True, 0)
        assert told["log_format"].string_param == "default"
        code, words = await _refused(
            stub.LogSettings(oip.LogSettingsRequest(settings={"log_verbose_level": {"uint32_param": 1}}))
        )
    assert (code, "HORNGATE_LOG_LEVEL" in words) == (grpc.StatusCode.UNIMPLEMENTED, True)
