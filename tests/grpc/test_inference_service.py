"""Inference in the Open Inference Protocol over a real channel: contents, outputs, parameters, streams."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import numpy as np
import pytest

from app.grpc.inference_service import SERVICE
from app.types import Signature, TensorSpec
from app.wire.oip_tensors import array_of_bytes
from app.wire.protos import inference_pb2 as oip

pytestmark = pytest.mark.asyncio(loop_scope="module")

INVALID, NOT_FOUND = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND


def _adding(**fields: Any) -> oip.ModelInferRequest:
    request = oip.ModelInferRequest(**{"model_name": "adder", "id": "7", **fields})
    arrays = {
        "left": np.array([[1, 2]], np.float32),
        "right": np.array([[5, np.nan]], np.float32),
        "count": np.array([7], np.int32),
    }
    for name, array in arrays.items():
        datatype = "INT32" if name == "count" else "FP32"
        request.inputs.add(name=name, datatype=datatype, shape=array.shape)
        request.raw_input_contents.append(array.tobytes())
    return request


def _outputs(response: oip.ModelInferResponse) -> dict[str, list[Any]]:
    pairs = zip(response.outputs, response.raw_output_contents, strict=True)
    return {each.name: array_of_bytes(raw, each.datatype, list(each.shape), "").tolist() for each, raw in pairs}


async def _refused(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


async def test_raw_tensors_go_in_and_out_and_nan_passes(served: Any) -> None:
    response = await served.stub(SERVICE).ModelInfer(_adding())
    assert (response.model_name, response.model_version, response.id) == ("adder", "1", "7")
    outputs = _outputs(response)
    assert outputs["tripled"] == [21]
    assert outputs["sum"][0][0] == 6
    assert np.isnan(outputs["sum"][0][1])


async def test_typed_contents_are_read_too(served: Any) -> None:
    request = oip.ModelInferRequest(model_name="adder", model_version="1")
    for name in ("left", "right"):
        request.inputs.add(name=name, datatype="FP32", shape=[1, 2], contents={"fp32_contents": [1, 2]})
    request.inputs.add(name="count", datatype="INT32", shape=[1], contents={"int_contents": [2]})
    assert _outputs(await served.stub(SERVICE).ModelInfer(request)) == {"sum": [[2, 4]], "tripled": [6]}


async def test_a_model_with_a_task_is_asked_by_its_tensors(served: Any) -> None:
    request = oip.ModelInferRequest(model_name="sentiment")
    request.inputs.add(name="tokens", datatype="INT32", shape=[1, 6], contents={"int_contents": [2, 0, 0, 0, 0, 0]})
    assert _outputs(await served.stub(SERVICE).ModelInfer(request))["probabilities"][0][0] > 0.9


async def test_outputs_are_those_that_are_asked_for_or_their_classes(served: Any) -> None:
    request = _adding()
    request.outputs.add(name="tripled", parameters={"classification": oip.InferParameter(int64_param=1)})
    assert _outputs(await served.stub(SERVICE).ModelInfer(request)) == {"tripled": [["21.000000:0"]]}


async def test_a_request_says_when_it_is_the_last_of_its_answers(served: Any) -> None:
    request = _adding(parameters={"triton_enable_empty_final_response": {"bool_param": True}})
    response = await served.stub(SERVICE).ModelInfer(request)
    assert response.parameters["triton_final_response"].bool_param


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ({"model_name": "addr"}, NOT_FOUND, "did you mean 'adder'?"),
        ({"model_name": "../adder"}, NOT_FOUND, "no model is called"),
        ({"model_version": "2"}, NOT_FOUND, "version 2 of adder is not served; served: 1"),
        ({"model_version": "two"}, INVALID, "a version's number, or nothing for the default; received 'two'"),
        ({"outputs": [{"name": "tripld"}]}, INVALID, "did you mean 'tripled'?"),
        (
            {"outputs": [{"name": "sum", "parameters": {"classification": {"string_param": "1"}}}]},
            INVALID,
            "classification",
        ),
        ({"parameters": {"timeout": {"string_param": "soon"}}}, INVALID, "whole microseconds; received 'soon'"),
        ({"parameters": {"priority": {"int64_param": -1}}}, INVALID, "1 being the highest; received -1"),
        ({"parameters": {"sequence_id": {"int64_param": 3}}}, INVALID, "requests without a state"),
        (
            {"inputs": [{"name": "left", "datatype": "FP32", "shape": [0]}]},
            INVALID,
            "expected raw_input_contents for 4",
        ),
    ],
)
async def test_what_is_wrong_with_a_request_is_told(served: Any, fields: Any, code: Any, words: str) -> None:
    error = await _refused(served.stub(SERVICE).ModelInfer(_adding(**fields)))
    assert (error.code(), words in error.details()) == (code, True), error.details()


async def test_the_model_s_own_signature_is_held_against_the_tensors(served: Any) -> None:
    request = _adding()
    request.inputs[2].name = "cuont"
    assert "did you mean 'count'?" in (await _refused(served.stub(SERVICE).ModelInfer(request))).details()
    request = _adding()
    request.inputs[2].datatype, request.raw_input_contents[2] = "INT64", b"\0" * 8
    error = await _refused(served.stub(SERVICE).ModelInfer(request))
    assert error.details() == "/inputs/count: expected [-1] int32; received [1] int64"


async def test_more_rows_than_a_request_may_hold_are_refused(serving: Any) -> None:
    async with serving(max_request_rows=2) as served:
        request = oip.ModelInferRequest(model_name="sentiment")
        request.inputs.add(name="tokens", datatype="INT32", shape=[3, 6], contents={"int_contents": [0] * 18})
        error = await _refused(served.stub(SERVICE).ModelInfer(request))
    assert (error.code(), "at most 2 inputs" in error.details()) == (INVALID, True)


async def test_a_stream_answers_in_order_and_goes_on_after_an_error(served: Any) -> None:
    async def requests() -> AsyncIterator[oip.ModelInferRequest]:
        for number, name in enumerate(("adder", "none", "adder")):
            yield _adding(model_name=name, id=str(number))

    answers = [answer async for answer in served.stub(SERVICE).ModelStreamInfer(requests())]
    assert [answer.infer_response.id for answer in answers] == ["0", "1", "2"]
    assert [bool(answer.error_message) for answer in answers] == [False, True, False]
    assert "no model is called 'none'" in answers[1].error_message
    assert served.counted(f"/{SERVICE}/ModelStreamInfer", code="200", model="adder") == 2
    assert served.counted(f"/{SERVICE}/ModelStreamInfer", code="404", model="") == 1


@pytest.fixture
def held_in(batcher_of: Any, doubling: Any, observer: Any) -> Any:
    """Serves the doubling model, which waits in a thread until its gate opens."""

    def add(served: Any) -> None:
        doubling.gate.clear()
        served.add("held", doubling.signature, batcher_of(max_batch_rows=1, max_queue_rows=1), observer)

    return add


def _held(value: float, **parameters: Any) -> oip.ModelInferRequest:
    request = oip.ModelInferRequest(model_name="held", parameters=parameters)
    request.inputs.add(name="x", datatype="FP32", shape=[1, 1], contents={"fp32_contents": [value]})
    return request


async def _begun(doubling: Any) -> None:
    await asyncio.to_thread(doubling.entered.acquire)


async def test_a_full_queue_says_when_to_come_back(serving: Any, held_in: Any, doubling: Any, eventually: Any) -> None:
    async with serving() as served:
        held_in(served)
        stub = served.stub(SERVICE)
        running = asyncio.ensure_future(stub.ModelInfer(_held(1)))
        await _begun(doubling)
        waiting = asyncio.ensure_future(stub.ModelInfer(_held(2)))
        await asyncio.to_thread(eventually, lambda: served.registry.resolve("held").batcher.queued_rows)
        error = await _refused(stub.ModelInfer(_held(3)))
        metadata = dict(error.trailing_metadata())
        assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        assert int(metadata["retry-after"]) >= 1
        assert int(metadata["grpc-retry-pushback-ms"]) >= 0
        doubling.gate.set()
        assert _outputs(await running) == {"y": [[2]]}
        assert _outputs(await waiting) == {"y": [[4]]}


async def test_a_deadline_that_passes_is_told_whoever_set_it(serving: Any, held_in: Any, doubling: Any) -> None:
    late = grpc.StatusCode.DEADLINE_EXCEEDED
    async with serving() as served:
        held_in(served)
        stub = served.stub(SERVICE)
        error = await _refused(stub.ModelInfer(_held(1, timeout={"int64_param": 1000})))
        assert (error.code(), "no answer within" in error.details()) == (late, True)
        assert (await _refused(stub.ModelInfer(_held(2), timeout=0.05))).code() == late
        doubling.gate.set()
    assert sum(served.counted(f"/{SERVICE}/ModelInfer", model="held", code=code) for code in ("504", "499")) == 2


async def test_a_caller_that_leaves_takes_its_rows_along(
    serving: Any, held_in: Any, doubling: Any, eventually: Any
) -> None:
    async with serving() as served:
        held_in(served)
        stub, batcher = served.stub(SERVICE), served.registry.resolve("held").batcher
        running = asyncio.ensure_future(stub.ModelInfer(_held(1)))
        await _begun(doubling)
        leaving = stub.ModelInfer(_held(2))
        await asyncio.to_thread(eventually, lambda: batcher.queued_rows)
        leaving.cancel()
        await asyncio.to_thread(eventually, lambda: not batcher.queued_rows)
        doubling.gate.set()
        await running
    assert doubling.ran == [[1]]
    assert served.counted(f"/{SERVICE}/ModelInfer", model="held", code="499") == 1


async def test_a_row_that_the_model_fails_on_fails_alone(
    served: Any, batcher_of: Any, doubling: Any, observer: Any
) -> None:
    doubling.hated = frozenset({13})
    served.add(
        "hating", Signature(*[(TensorSpec(name, "float32", (None, None)),) for name in "xy"]), batcher_of(), observer
    )
    good, bad = _held(1), _held(13)
    good.model_name = bad.model_name = "hating"
    stub = served.stub(SERVICE)
    answered, failed = await asyncio.gather(stub.ModelInfer(good), stub.ModelInfer(bad), return_exceptions=True)
    assert _outputs(answered) == {"y": [[2]]}
    assert (failed.code(), failed.details()) == (grpc.StatusCode.INTERNAL, "a row that the model hates")


async def test_priorities_come_from_the_metadata_or_the_parameters(served: Any) -> None:
    stub = served.stub(SERVICE)
    for priority in (0, 1, 2, 9):
        await stub.ModelInfer(_adding(parameters={"priority": {"int64_param": priority}}))
    await stub.ModelInfer(_adding(), metadata=(("x-priority", "HIGH"),))
    error = await _refused(stub.ModelInfer(_adding(), metadata=(("x-priority", "urgent"),)))
    assert (error.code(), error.details()) == (INVALID, "expected high, normal, low in x-priority; received 'urgent'")
