"""The statistics are what was measured."""

from typing import Any

import grpc
import pytest

from app.grpc.inference_service import SERVICE
from app.wire.protos import inference_pb2 as oip


async def test_the_work_of_a_version_is_told(serving: Any) -> None:
    async with serving() as served:
        stub = served.stub(SERVICE)
        for shape in ([2, 6], [1, 6], [1, 5]):
            request = oip.ModelInferRequest(model_name="sentiment")
            contents = {"int_contents": [0] * (shape[0] * shape[1])}
            request.inputs.add(name="tokens", datatype="INT32", shape=shape, contents=contents)
            if shape[1] == 6:
                await stub.ModelInfer(request)
            else:
                with pytest.raises(grpc.aio.AioRpcError):
                    await stub.ModelInfer(request)
        (told,) = (await stub.ModelStatistics(oip.ModelStatisticsRequest(name="sentiment"))).model_stats
        pinned = await stub.ModelStatistics(oip.ModelStatisticsRequest(name="sentiment", version="1"))
        everything = (await stub.ModelStatistics(oip.ModelStatisticsRequest())).model_stats
    assert (told.name, told.version, told.inference_count) == ("sentiment", "1", 3)
    assert told.execution_count == 2
    assert told.last_inference > 0
    stats = told.inference_stats
    assert (stats.success.count, stats.fail.count, stats.compute_infer.count) == (2, 1, 2)
    assert stats.success.ns >= stats.compute_infer.ns > 0
    assert list(pinned.model_stats) == [told]
    assert sorted(each.name for each in everything) == ["adder", "digit", "sentiment", "topic"]
