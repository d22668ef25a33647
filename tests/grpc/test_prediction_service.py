"""TensorFlow Serving's predictions over a real channel."""

from typing import Any

import grpc
import numpy as np
import pytest

from app.grpc.prediction_service import CLASSIFY, REGRESS, SERVICE
from app.types import Signature, TensorSpec
from app.wire.protos import tensorflow_pb2 as tf
from app.wire.protos import tensorflow_serving_pb2 as serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

INVALID = grpc.StatusCode.INVALID_ARGUMENT


def _tensor(array: np.ndarray) -> tf.TensorProto:
    kinds = {"float32": tf.DT_FLOAT, "int32": tf.DT_INT32}
    shape = {"dim": [{"size": size} for size in array.shape]}
    return tf.TensorProto(dtype=kinds[array.dtype.name], tensor_shape=shape, tensor_content=array.tobytes())


def _adding(**spec: Any) -> serving.PredictRequest:
    request = serving.PredictRequest(model_spec={"name": "adder", **spec})
    request.inputs["left"].CopyFrom(_tensor(np.array([[1, 2]], np.float32)))
    request.inputs["right"].CopyFrom(
        tf.TensorProto(dtype=1, tensor_shape={"dim": [{"size": 1}, {"size": 2}]}, float_val=[5])
    )
    request.inputs["count"].CopyFrom(_tensor(np.array([7], np.int32)))
    return request


def _digits(*lit: slice) -> serving.Input:
    given = serving.Input()
    for columns in lit:
        pixels = np.zeros((28, 28), np.float32)
        pixels[:, columns] = 1
        feature = given.example_list.examples.add().features.feature["pixels"]
        feature.float_list.value.extend(pixels.ravel().tolist())
    return given


async def _refused(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


async def test_predict_gives_every_output_in_the_field_of_its_type(served: Any) -> None:
    response = await served.stub(SERVICE).Predict(_adding())
    assert response.model_spec == serving.ModelSpec(
        name="adder", version={"value": 1}, signature_name="serving_default"
    )
    assert list(response.outputs["sum"].float_val) == [6, 7]
    assert [dim.size for dim in response.outputs["sum"].tensor_shape.dim] == [1, 2]
    assert list(response.outputs["tripled"].int_val) == [21]


async def test_an_output_filter_chooses(served: Any) -> None:
    request = _adding(version={"value": 1}, signature_name="serving_default")
    request.output_filter.append("tripled")
    response = await served.stub(SERVICE).Predict(request)
    assert list(response.outputs) == ["tripled"]


async def test_what_is_wrong_with_a_prediction_is_told(served: Any) -> None:
    stub = served.stub(SERVICE)
    for spec, code, words in (
        ({"name": "addr"}, grpc.StatusCode.NOT_FOUND, "did you mean 'adder'?"),
        ({"version": {"value": 9}}, grpc.StatusCode.NOT_FOUND, "version 9 of adder is not served"),
        ({"version_label": "stable"}, grpc.StatusCode.NOT_FOUND, "no label 'stable'"),
        ({"signature_name": "train"}, INVALID, "expected 'serving_default'; received 'train'"),
    ):
        error = await _refused(stub.Predict(_adding(**spec)))
        assert (error.code(), words in error.details()) == (code, True), error.details()
    request = _adding()
    request.output_filter.append("totals")
    assert "outputs of sum, tripled" in (await _refused(stub.Predict(request))).details()
    request = _adding()
    request.inputs["left"].CopyFrom(_tensor(np.zeros((1, 3), np.float32)))
    error = await _refused(stub.Predict(request))
    assert (error.code(), error.details()) == (
        INVALID,
        "/inputs/left: expected [-1, 2] float32; received [1, 3] float32",
    )
    request.inputs["left"].CopyFrom(
        tf.TensorProto(dtype=1, float_val=[1], tensor_shape={"dim": [{"size": 2**31}, {"size": 2}]})
    )
    assert "expected at most 16,777,216 bytes" in (await _refused(stub.Predict(request))).details()


async def test_examples_are_classified_with_the_models_labels(served: Any) -> None:
    request = serving.ClassificationRequest(model_spec={"name": "digit"}, input=_digits(slice(14), slice(14, 28)))
    response = await served.stub(SERVICE).Classify(request)
    rows = [max(row.classes, key=lambda each: each.score) for row in response.result.classifications]
    assert len(response.result.classifications[0].classes) == 10
    assert all(row.score > 0.9 for row in rows)
    assert response.model_spec.version.value == 1


async def test_a_model_of_many_outputs_is_no_classifier(served: Any) -> None:
    example = tf.Example()
    example.features.feature["left"].float_list.value.extend([1, 2])
    example.features.feature["right"].float_list.value.extend([1, 2])
    example.features.feature["count"].int64_list.value.append(3)
    given = serving.Input(example_list={"examples": [example]})
    for call, request in (
        ("Classify", serving.ClassificationRequest(model_spec={"name": "adder"}, input=given)),
        ("Regress", serving.RegressionRequest(model_spec={"name": "adder"}, input=given)),
    ):
        error = await _refused(getattr(served.stub(SERVICE), call)(request))
        assert error.code() == INVALID
        assert "a model with one output" in error.details()
        assert "ask Predict" in error.details()


async def test_one_run_serves_all_tasks(served: Any, batcher_of: Any, doubling: Any, observer: Any) -> None:
    signature = Signature((TensorSpec("x", "float32", (None, None)),), (TensorSpec("y", "float32", (None, None)),))
    served.add("doubling", signature, batcher_of(inline=True), observer)
    example = tf.Example()
    example.features.feature["x"].float_list.value.append(3)
    spec = {"name": "doubling", "version_label": "stable"}
    request = serving.MultiInferenceRequest(
        tasks=[{"model_spec": spec, "method_name": CLASSIFY}, {"model_spec": spec, "method_name": REGRESS}],
        input={"example_list": {"examples": [example]}},
    )
    first, second = (await served.stub(SERVICE).MultiInference(request)).results
    assert first.classification_result.classifications[0].classes[0].score == 6
    assert second.regression_result.regressions[0].value == 6
    assert doubling.ran == [[3]]
    regression = serving.RegressionRequest(model_spec=spec, input=request.input)
    assert (await served.stub(SERVICE).Regress(regression)).result.regressions[0].value == 6


async def test_tasks_that_do_not_belong_together_are_refused(served: Any) -> None:
    digit, adder = {"name": "digit"}, {"name": "adder"}
    for tasks, words in (
        ([], "at least one task"),
        ([(digit, CLASSIFY), (adder, CLASSIFY)], "tasks of one model and version"),
        ([(digit, "predict")], "expected tensorflow/serving/classify or tensorflow/serving/regress"),
    ):
        made = [{"model_spec": spec, "method_name": method} for spec, method in tasks]
        request = serving.MultiInferenceRequest(tasks=made, input=_digits(slice(14)))
        error = await _refused(served.stub(SERVICE).MultiInference(request))
        assert (error.code(), words in error.details()) == (INVALID, True), error.details()


async def test_the_metadata_are_the_signature(served: Any) -> None:
    request = serving.GetModelMetadataRequest(model_spec={"name": "adder"}, metadata_field=["signature_def"])
    response = await served.stub(SERVICE).GetModelMetadata(request)
    signatures = serving.SignatureDefMap()
    assert response.metadata["signature_def"].Unpack(signatures)
    assert list(signatures.signature_def) == ["serving_default"]
    assert sorted(signatures.signature_def["serving_default"].inputs) == ["count", "left", "right"]


async def test_there_are_no_other_metadata(served: Any) -> None:
    for fields in ([], ["signature_def", "graph"]):
        request = serving.GetModelMetadataRequest(model_spec={"name": "adder"}, metadata_field=fields)
        error = await _refused(served.stub(SERVICE).GetModelMetadata(request))
        assert error.code() == INVALID
        assert "expected signature_def" in error.details()
