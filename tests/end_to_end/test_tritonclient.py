"""Triton's four clients: every method of each, and its published examples, asked of a real server.

After triton-inference-server/client, src/python/examples: simple_{http,grpc}_*.py, grpc_explicit_*_content_client.py
and reuse_infer_objects_client.py. The examples of shared memory, sequences, ensembles and images need what no model or
server here has.
"""

import asyncio
import gc
import importlib
import inspect
import queue
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tritonclient.http")
pytest.importorskip("tritonclient.grpc")
from tritonclient.utils import InferenceServerException  # only where the client is installed

# Some methods of the asynchronous client over HTTP never read the body of the answer.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Unclosed connection:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

FLAVOURS = ("http", "http.aio", "grpc", "grpc.aio")

ONES = np.ones((1, 16), np.int32)
COUNT = np.arange(16, dtype=np.int32)[np.newaxis]


@pytest.fixture(scope="module")
def addresses(serve: Callable[..., AbstractContextManager[Any]], simple_models: Path) -> Iterator[dict[str, str]]:
    """Where each protocol is spoken."""
    with serve(simple_models, workers=1, env={"HORNGATE_GRPC_PORT": "0"}) as server:
        (grpc,) = {line["address"] for line in server.lines(message="gRPC is open")}
        yield {"http": server.url.removeprefix("http://"), "grpc": str(grpc)}


class Triton:
    """One of the four clients; what it answers later is waited for, so that all four are called alike."""

    def __init__(self, flavour: str, addresses: dict[str, str]) -> None:
        self.flavour = flavour
        self.module = importlib.import_module(f"tritonclient.{flavour}")
        self.address = addresses[flavour.partition(".")[0]]

    def ask(self, *calls: tuple[str, tuple, dict], **options: Any) -> list[Any]:
        """What the methods answer, on one connection."""
        if not self.flavour.endswith("aio"):
            with self.module.InferenceServerClient(self.address, **options) as client:
                return [getattr(client, name)(*given, **named) for name, given, named in calls]

        async def ask() -> list[Any]:
            async with self.module.InferenceServerClient(self.address, **options) as client:
                return [await getattr(client, name)(*given, **named) for name, given, named in calls]

        return asyncio.run(ask())

    def call(self, name: str, *given: Any, **named: Any) -> Any:
        """What one method answers."""
        return self.ask((name, given, named))[0]

    def tensor(self, name: str, array: np.ndarray) -> Any:
        """An input."""
        datatype = {"i": "INT32", "f": "FP32"}.get(array.dtype.kind, "BYTES")
        given = self.module.InferInput(name, list(array.shape), datatype)
        given.set_data_from_numpy(array)
        return given

    def infer(self, model: str, *arrays: np.ndarray, **options: Any) -> list[np.ndarray]:
        """Every output of a model, its inputs and outputs numbered from 0 and asked for by name."""
        inputs = [self.tensor(f"INPUT{place}", array) for place, array in enumerate(arrays)]
        outputs = [self.module.InferRequestedOutput(f"OUTPUT{place}") for place in range(len(arrays))]
        result = self.call("infer", model, inputs, outputs=outputs, **options)
        return [result.as_numpy(f"OUTPUT{place}") for place in range(len(arrays))]


@pytest.fixture(params=FLAVOURS)
def triton(request: pytest.FixtureRequest, addresses: dict[str, str]) -> Iterator[Triton]:
    yield Triton(request.param, addresses)
    if request.param == "http.aio":
        gc.collect()  # so that what the client leaves open is closed in the test that opened it


def words(array: np.ndarray) -> np.ndarray:
    """The numbers as strings of bytes."""
    texts = np.empty(array.shape, object)
    texts.flat = [str(number).encode() for number in array.ravel()]
    return texts


ANSWERED: dict[str, tuple[Any, ...]] = {
    "is_server_live": (),
    "is_server_ready": (),
    "is_model_ready": ("simple", "1"),
    "get_server_metadata": (),
    "get_model_metadata": ("simple", "1"),
    "get_model_config": ("simple", "1"),
    "get_model_repository_index": (),
    "get_inference_statistics": ("simple", "1"),
    "get_trace_settings": ("simple",),
    "get_log_settings": (),
    "update_trace_settings": ("simple", {"trace_level": ["OFF"]}),
    "update_log_settings": ({"log_verbose_level": 0},),
}
"""What tells something, and its arguments."""

REFUSED: dict[str, tuple[Any, ...]] = {
    "unload_model": ("simple",),  # models are loaded when the server starts: workers share nothing
    "get_system_shared_memory_status": (),  # from here on: tensors travel in the request
    "register_system_shared_memory": ("region", "/region", 64),
    "unregister_system_shared_memory": (),
    "get_cuda_shared_memory_status": (),
    "register_cuda_shared_memory": ("region", b"aGFuZGxl", 0, 64),
    "unregister_cuda_shared_memory": (),
}
"""What does not apply, and is refused with a reason."""

ELSEWHERE = {
    "load_model",
    "infer",
    "async_infer",
    "start_stream",
    "async_stream_infer",
    "stop_stream",
    "stream_infer",
    "generate_request_body",
    "parse_response_body",
}
"""What other tests here, and those of the HTTP client, are about."""

LOCAL = {"close", "plugin", "register_plugin", "unregister_plugin"}
"""What asks nothing of a server."""


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_method_is_answered_refused_or_local(flavour: str) -> None:
    client = importlib.import_module(f"tritonclient.{flavour}").InferenceServerClient
    methods = {name for name, _ in inspect.getmembers(client, callable) if not name.startswith("_")}
    assert methods <= {*ANSWERED, *REFUSED, *ELSEWHERE, *LOCAL}


def test_what_tells_something_is_answered(triton: Triton) -> None:
    answers = triton.ask(*((name, given, {}) for name, given in ANSWERED.items()))
    assert [bool(answer) for answer in answers] == [True] * len(ANSWERED)


def test_what_does_not_apply_is_refused_with_a_reason(triton: Triton) -> None:
    for name, given in REFUSED.items():
        with pytest.raises(InferenceServerException) as raised:
            triton.call(name, *given)
        assert raised.value.message(), name
        assert raised.value.status() in ("404", "501", "StatusCode.UNIMPLEMENTED"), name


def test_simple_health_metadata(triton: Triton) -> None:
    live, ready, model_ready, metadata = triton.ask(
        ("is_server_live", (), {}),
        ("is_server_ready", (), {}),
        ("is_model_ready", ("simple",), {}),
        ("get_model_metadata", ("simple",), {}),
    )
    assert (live, ready, model_ready) == (True, True, True)
    assert (metadata["name"] if isinstance(metadata, dict) else metadata.name) == "simple"
    with pytest.raises(InferenceServerException, match="wrong_model_name"):
        triton.call("get_model_metadata", "wrong_model_name")


def test_simple_model_control(triton: Triton) -> None:
    triton.call("load_model", "simple")
    assert triton.call("is_model_ready", "simple")
    with pytest.raises(InferenceServerException, match="wrong_model_name"):
        triton.call("load_model", "wrong_model_name")


def test_simple_infer_client(triton: Triton) -> None:
    total, difference = triton.infer("simple", COUNT, ONES)
    assert np.array_equal(total, COUNT + ONES)
    assert np.array_equal(difference, COUNT - ONES)


def test_simple_string_infer_client(triton: Triton) -> None:
    total, difference = triton.infer("simple_string", words(COUNT), words(ONES))
    assert [[int(text) for text in row] for row in total] == (COUNT + ONES).tolist()
    assert [[int(text) for text in row] for row in difference] == (COUNT - ONES).tolist()


@pytest.mark.parametrize("text", [b"he\x00llo", b"\x00\x01\x02\x03", "日本".encode()])
def test_identity_inference(triton: Triton, text: bytes) -> None:
    texts = np.array([[text] * 16], object)
    (same,) = triton.infer("simple_identity", texts)
    assert same.tolist() == texts.tolist()


def test_simple_custom_args_and_keepalive_clients(triton: Triton) -> None:
    if triton.flavour.startswith("grpc"):
        options: dict[str, Any] = {
            "keepalive_options": triton.module.KeepAliveOptions(keepalive_time_ms=2**31 - 1),
            "channel_args": None,
        }
        if triton.flavour == "grpc":
            options = {"channel_args": [("grpc.lb_policy_name", "pick_first"), ("grpc.max_send_message_length", 2**20)]}
    else:
        options = {"conn_limit": 4} if triton.flavour.endswith("aio") else {"concurrency": 4}
    inputs = [triton.tensor("INPUT0", COUNT), triton.tensor("INPUT1", ONES)]
    (result,) = triton.ask(("infer", ("simple", inputs), {}), **options)
    assert np.array_equal(result.as_numpy("OUTPUT0"), COUNT + ONES)


def test_reuse_infer_objects_client(triton: Triton) -> None:
    inputs = [triton.tensor("INPUT0", COUNT), triton.tensor("INPUT1", ONES)]
    outputs = [triton.module.InferRequestedOutput(f"OUTPUT{place}") for place in range(2)]
    for factor in (1, 2, 1):
        inputs[1].set_data_from_numpy(ONES * factor)
        result = triton.call("infer", "simple", inputs, outputs=outputs)
        assert np.array_equal(result.as_numpy("OUTPUT0"), COUNT + factor)
        assert np.array_equal(result.as_numpy("OUTPUT1"), COUNT - factor)


def test_a_result_is_read_as_tensors_and_as_what_came(triton: Triton) -> None:
    inputs = [triton.tensor("INPUT0", COUNT), triton.tensor("INPUT1", ONES)]
    options = {"request_id": "mine", "priority": 1, "timeout": 30_000_000}
    result = triton.call("infer", "simple", inputs, **options)
    told, output = result.get_response(), result.get_output("OUTPUT0")
    assert (told["id"] if isinstance(told, dict) else told.id) == "mine"
    assert (output["datatype"] if isinstance(output, dict) else output.datatype) == "INT32"
    assert result.get_output("OUTPUT2") is None


def test_simple_grpc_async_infer_client(addresses: dict[str, str]) -> None:
    triton = Triton("grpc", addresses)
    heard: queue.Queue[Any] = queue.Queue()
    inputs = [triton.tensor("INPUT0", COUNT), triton.tensor("INPUT1", ONES)]
    with triton.module.InferenceServerClient(triton.address) as client:
        waiting = [
            client.async_infer("simple", inputs, lambda result, error: heard.put((result, error))) for _ in range(3)
        ]
        answers = [heard.get(timeout=60) for _ in waiting]
    for result, error in answers:
        assert error is None
        assert np.array_equal(result.as_numpy("OUTPUT0"), COUNT + ONES)


def test_grpc_explicit_int_and_byte_content_clients(addresses: dict[str, str]) -> None:
    triton = Triton("grpc", addresses)
    stubs, messages = triton.module.service_pb2_grpc, triton.module.service_pb2
    with importlib.import_module("grpc").insecure_channel(triton.address) as channel:
        stub = stubs.GRPCInferenceServiceStub(channel)
        numbers = messages.ModelInferRequest(model_name="simple")
        for name, array in (("INPUT0", COUNT), ("INPUT1", ONES)):
            tensor = numbers.inputs.add(name=name, datatype="INT32", shape=[1, 16])
            tensor.contents.int_contents.extend(array.ravel().tolist())
        total = np.frombuffer(stub.ModelInfer(numbers, timeout=60).raw_output_contents[0], np.int32)
        texts = messages.ModelInferRequest(model_name="simple_string")
        for name, array in (("INPUT0", COUNT), ("INPUT1", ONES)):
            tensor = texts.inputs.add(name=name, datatype="BYTES", shape=[1, 16])
            tensor.contents.bytes_contents.extend(words(array).ravel().tolist())
        answered = stub.ModelInfer(texts, timeout=60).raw_output_contents[0]
    assert np.array_equal(total, (COUNT + ONES)[0])
    told = importlib.import_module("tritonclient.utils").deserialize_bytes_tensor(answered)
    assert [int(text) for text in told] == (COUNT + ONES)[0].tolist()
