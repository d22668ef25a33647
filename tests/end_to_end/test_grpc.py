"""The gRPC port of a real server: shared by its workers, drained with them, and spoken to by others' clients."""

import importlib
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import numpy as np
import pytest

from app.wire.protos import health_pb2 as health
from app.wire.protos import inference_pb2 as oip

Serve = Callable[..., AbstractContextManager[Any]]

SERVICE = "inference.GRPCInferenceService"
STEPS = 1500
OWN_CONNECTION = [("grpc.use_local_subchannel_pool", 1)]


@pytest.fixture(scope="module")
def models(
    tmp_path_factory: pytest.TempPathFactory, build_tensor: Any, build_digit: Any, build_sentiment: Any, build_slow: Any
) -> Path:
    """Three tiny models, and one that takes as long as it is told."""
    folder = tmp_path_factory.mktemp("models")
    for build in (build_tensor, build_digit, build_sentiment, build_slow):
        build(folder)
    return folder


def address_of(server: Any) -> str:
    """Where the workers listen: all of them at the same address."""
    (address,) = {line["address"] for line in server.lines(message="gRPC is open")}
    return str(address)


@pytest.fixture(scope="module")
def server(serve: Serve, models: Path) -> Iterator[Any]:
    """A server of two workers for the tests that only ask."""
    with serve(models, env={"HORNGATE_GRPC_PORT": "0"}) as server:
        yield server


def adding(count: int) -> oip.ModelInferRequest:
    request = oip.ModelInferRequest(model_name="adder", id=str(count))
    for name in ("left", "right"):
        request.inputs.add(name=name, datatype="FP32", shape=[1, 2], contents={"fp32_contents": [1, 2]})
    request.inputs.add(name="count", datatype="INT32", shape=[1], contents={"int_contents": [count]})
    return request


def infer(channel: grpc.Channel, request: oip.ModelInferRequest, **options: Any) -> oip.ModelInferResponse:
    call = channel.unary_unary(
        f"/{SERVICE}/ModelInfer", oip.ModelInferRequest.SerializeToString, oip.ModelInferResponse.FromString
    )
    return call(request, timeout=30, **options)


def test_connections_reach_every_worker_and_metrics_tell_the_sum(
    server: Any, eventually: Callable[..., Any], sum_of: Callable[..., float]
) -> None:
    sent = 0

    def everyone_answered() -> bool:
        nonlocal sent
        for _ in range(8):
            with grpc.insecure_channel(address_of(server), OWN_CONNECTION) as channel:
                assert np.frombuffer(infer(channel, adding(sent)).raw_output_contents[1], np.int32) == 3 * sent
            sent += 1
        paths = list(server.temporary.glob("horngate-metrics-*/histogram_*.db"))
        return sum(f"/{SERVICE}/ModelInfer".encode() in path.read_bytes() for path in paths) == 2

    eventually(everyone_answered)
    route = f"/{SERVICE}/ModelInfer"
    eventually(lambda: sum_of(server.get("/metrics").text, "horngate_requests_total", route=route, code="200") == sent)


def test_a_call_in_flight_is_answered_on_the_way_out_and_watchers_hear_of_it(
    serve: Serve, models: Path, eventually: Callable[..., Any]
) -> None:
    with serve(models, workers=1, env={"HORNGATE_GRPC_PORT": "0"}) as server:
        with grpc.insecure_channel(address_of(server)) as channel:
            request = oip.ModelInferRequest(model_name="slow")
            request.inputs.add(name="steps", datatype="INT64", shape=[1], contents={"int64_contents": [STEPS]})
            call = channel.unary_unary(
                f"/{SERVICE}/ModelInfer", oip.ModelInferRequest.SerializeToString, oip.ModelInferResponse.FromString
            )
            watch = channel.unary_stream(
                "/grpc.health.v1.Health/Watch",
                health.HealthCheckRequest.SerializeToString,
                health.HealthCheckResponse.FromString,
            )(health.HealthCheckRequest())
            assert next(watch).status == health.HealthCheckResponse.SERVING
            calls = [call.future(request, timeout=60) for _ in range(2)]
            eventually(lambda: any(model["queued_rows"] for model in server.get("/health").json()["models"]))
            server.process.send_signal(signal.SIGTERM)
            assert next(watch).status == health.HealthCheckResponse.NOT_SERVING
            for running in calls:
                assert np.frombuffer(running.result().raw_output_contents[0], np.int64) == STEPS
            assert list(watch) == []
        assert server.process.wait(30) == 0


def test_tritonclient_s_methods_pass(server: Any) -> None:
    triton = pytest.importorskip("tritonclient.grpc")
    from tritonclient.utils import InferenceServerException

    with triton.InferenceServerClient(address_of(server)) as client:
        assert client.is_server_live()
        assert client.is_server_ready()
        assert client.is_model_ready("adder", "1")
        assert not client.is_model_ready("none")
        assert client.get_server_metadata().name == "horngate"
        assert client.get_model_metadata("adder", as_json=True)["inputs"][2] == {
            "name": "count",
            "datatype": "INT32",
            "shape": ["-1"],
        }
        assert client.get_model_config("digit").config.max_batch_size == 8
        index = client.get_model_repository_index().models
        assert {model.name for model in index} == {"adder", "digit", "sentiment", "slow"}
        client.load_model("adder")
        assert client.get_trace_settings(as_json=True)["settings"]["trace_level"] == {"value": ["OFF"]}
        assert client.get_log_settings().settings["log_info"].bool_param
        result = client.infer("adder", triton_inputs(triton, 5), request_id="x", priority=1, timeout=30_000_000)
        assert result.get_response().id == "x"
        assert result.as_numpy("sum").tolist() == [[2, 4]]
        assert result.as_numpy("tripled").tolist() == [15]
        classes = [triton.InferRequestedOutput("tripled", class_count=1)]
        compressed = client.infer("adder", triton_inputs(triton, 5), outputs=classes, compression_algorithm="gzip")
        assert compressed.as_numpy("tripled").tolist() == [[b"15.000000:0"]]
        assert client.get_inference_statistics("adder").model_stats[0].inference_stats.success.count >= 2
        for call in (
            lambda: client.unload_model("adder"),
            client.get_system_shared_memory_status,
            lambda: client.update_log_settings({"log_verbose_level": 1}),
            lambda: client.infer("adder", triton_inputs(triton, 5), sequence_id=7),
        ):
            with pytest.raises(InferenceServerException):
                call()


def triton_inputs(triton: Any, count: int) -> list[Any]:
    arrays = {
        "left": np.array([[1, 2]], np.float32),
        "right": np.array([[1, 2]], np.float32),
        "count": np.array([count], np.int32),
    }
    inputs = []
    for name, array in arrays.items():
        inputs.append(triton.InferInput(name, list(array.shape), "INT32" if name == "count" else "FP32"))
        inputs[-1].set_data_from_numpy(array)
    return inputs


def test_tritonclient_s_calls_without_waiting_and_its_streams_pass(server: Any) -> None:
    triton = pytest.importorskip("tritonclient.grpc")
    heard: queue.Queue[Any] = queue.Queue()
    with triton.InferenceServerClient(address_of(server)) as client:
        client.async_infer("adder", triton_inputs(triton, 7), lambda result, error: heard.put((result, error)))
        result, error = heard.get(timeout=30)
        assert error is None
        assert result.as_numpy("tripled").tolist() == [21]
        client.start_stream(lambda result, error: heard.put((result, error)))
        for model in ("adder", "none", "adder"):
            client.async_stream_infer(model, triton_inputs(triton, 9))
        answers = [heard.get(timeout=30) for _ in range(3)]
        client.stop_stream()
    assert [error is None for _, error in answers] == [True, False, True]
    assert "no model is called 'none'" in str(answers[1][1])
    assert answers[2][0].as_numpy("tripled").tolist() == [27]


async def test_tritonclient_s_asyncio_passes(server: Any) -> None:
    triton = pytest.importorskip("tritonclient.grpc.aio")

    async def requests() -> Any:
        for count in (1, 2):
            yield {"model_name": "adder", "inputs": triton_inputs(triton, count)}

    async with triton.InferenceServerClient(address_of(server)) as client:
        assert await client.is_server_ready()
        result = await client.infer("adder", triton_inputs(triton, 3))
        assert result.as_numpy("tripled").tolist() == [9]
        stream = client.stream_infer(requests())
        tripled = [(await anext(stream))[0].as_numpy("tripled").tolist() for _ in range(2)]
        stream.cancel()
    assert tripled == [[3], [6]]


@pytest.fixture
def serving_apis() -> Any:
    """TensorFlow Serving's own messages and stubs, by module."""
    pytest.importorskip("tensorflow_serving", reason="its package requires tensorflow, which tensorflow-cpu is not")
    names = ["classification", "get_model_metadata", "get_model_status", "inference", "model_management", "predict"]
    names = [*(f"{name}_pb2" for name in (*names, "regression")), "model_service_pb2_grpc"]
    names.append("prediction_service_pb2_grpc")
    return SimpleNamespace(**{name: importlib.import_module(f"tensorflow_serving.apis.{name}") for name in names})


def test_tensorflow_serving_s_own_stubs_predict_and_tell(server: Any, serving_apis: Any) -> None:
    import tensorflow as tf

    with grpc.insecure_channel(address_of(server)) as channel:
        predictions = serving_apis.prediction_service_pb2_grpc.PredictionServiceStub(channel)
        request = serving_apis.predict_pb2.PredictRequest()
        request.model_spec.name = "adder"
        for name, value in (("left", [[1.0, 2.0]]), ("right", [[1.0, 2.0]])):
            request.inputs[name].CopyFrom(tf.make_tensor_proto(value, tf.float32))
        request.inputs["count"].CopyFrom(tf.make_tensor_proto([4], tf.int32))
        outputs = predictions.Predict(request, 30).outputs
        assert tf.make_ndarray(outputs["sum"]).tolist() == [[2, 4]]
        assert tf.make_ndarray(outputs["tripled"]).tolist() == [12]
        metadata = serving_apis.get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
        metadata.model_spec.name = "adder"
        signatures = serving_apis.get_model_metadata_pb2.SignatureDefMap()
        assert predictions.GetModelMetadata(metadata, 30).metadata["signature_def"].Unpack(signatures)
        assert signatures.signature_def["serving_default"].inputs["left"].dtype == tf.float32.as_datatype_enum
        models = serving_apis.model_service_pb2_grpc.ModelServiceStub(channel)
        status = serving_apis.get_model_status_pb2.GetModelStatusRequest()
        status.model_spec.name = "digit"
        told = models.GetModelStatus(status, 30).model_version_status[0]
        assert told.state == serving_apis.get_model_status_pb2.ModelVersionStatus.AVAILABLE
        with pytest.raises(grpc.RpcError) as caught:
            models.HandleReloadConfigRequest(serving_apis.model_management_pb2.ReloadConfigRequest(), 30)
        assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_tensorflow_serving_s_own_stubs_classify_and_regress(server: Any, serving_apis: Any) -> None:
    def filled(request: Any) -> Any:
        request.input.example_list.examples.add().features.feature["tokens"].int64_list.value.extend([2, 0, 0, 0, 0, 0])
        return request

    with grpc.insecure_channel(address_of(server)) as channel:
        predictions = serving_apis.prediction_service_pb2_grpc.PredictionServiceStub(channel)
        spec = {"name": "sentiment"}
        classify = filled(serving_apis.classification_pb2.ClassificationRequest(model_spec=spec))
        (classes,) = predictions.Classify(classify, 30).result.classifications
        regress = filled(serving_apis.regression_pb2.RegressionRequest(model_spec=spec))
        (regression,) = predictions.Regress(regress, 30).result.regressions
        methods = ("tensorflow/serving/classify", "tensorflow/serving/regress")
        tasks = [{"model_spec": spec, "method_name": method} for method in methods]
        both = predictions.MultiInference(filled(serving_apis.inference_pb2.MultiInferenceRequest(tasks=tasks)), 30)
    assert [each.label for each in classes.classes] == ["negative", "positive"]
    assert classes.classes[1].score == pytest.approx(regression.value) == pytest.approx(0.9526, abs=1e-4)
    assert both.results[0].classification_result.classifications[0] == classes
    assert both.results[1].regression_result.regressions[0] == regression


def test_callers_side_by_side_share_one_connection(server: Any) -> None:
    with grpc.insecure_channel(address_of(server)) as channel:
        answers: dict[int, int] = {}

        def ask(count: int) -> None:
            answers[count] = int(np.frombuffer(infer(channel, adding(count)).raw_output_contents[1], np.int32)[0])

        threads = [threading.Thread(target=ask, args=(count,)) for count in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert answers == {count: 3 * count for count in range(32)}
