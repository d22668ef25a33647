"""TensorFlow Serving's model status: what is served, and what could not be."""

from pathlib import Path
from typing import Any

import grpc
import pytest

from app.grpc.model_service import SERVICE
from app.wire.protos import tensorflow_error_pb2 as codes
from app.wire.protos.tensorflow_serving_pb2 import GetModelStatusRequest, ModelVersionStatus, ReloadConfigRequest

State = ModelVersionStatus.State


def _ask(**spec: Any) -> GetModelStatusRequest:
    return GetModelStatusRequest(model_spec=spec)


async def test_every_version_is_told_with_its_state(serving: Any, tmp_path: Path, build_digit: Any) -> None:
    for version in (1, 2):
        build_digit(tmp_path, version=version)
    (tmp_path / "digit" / "3").mkdir()
    (tmp_path / "broken" / "1").mkdir(parents=True)
    (tmp_path / "digit" / "serving.json").write_text('{"labels": {"stable": 1}}')
    async with serving(tmp_path) as served:
        stub = served.stub(SERVICE)

        async def states(**spec: Any) -> list[tuple[int, int, int]]:
            response = await stub.GetModelStatus(_ask(**spec))
            return [(each.version, each.state, each.status.error_code) for each in response.model_version_status]

        end, available = (3, State.END, codes.UNKNOWN), State.AVAILABLE
        assert await states(name="digit") == [end, (2, available, codes.OK), (1, available, codes.OK)]
        assert await states(name="digit", version={"value": 3}) == [end]
        assert await states(name="digit", version_label="stable") == [(1, available, codes.OK)]
        assert await states(name="broken") == [(1, State.END, codes.UNKNOWN)]
        for spec in (
            {"name": "none"},
            {"name": "digit", "version": {"value": 9}},
            {"name": "broken", "version_label": "a"},
        ):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await stub.GetModelStatus(_ask(**spec))
            assert caught.value.code() == grpc.StatusCode.NOT_FOUND


async def test_the_configuration_is_the_models_folder(serving: Any) -> None:
    async with serving() as served:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await served.stub(SERVICE).HandleReloadConfigRequest(ReloadConfigRequest())
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED
    assert "models folder" in caught.value.details()
