"""Triton's own client over HTTP: every method that applies, and its published `simple` examples.

Not here: shared memory (`*_system_shared_memory*`, `*_cuda_shared_memory*`), which client and server must share a
machine for, and sequences, which need models that keep a state. `unload_model`, and settings that change something, are
refused with a reason: workers share nothing that a request could change for all of them.
"""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest

tritonclient = pytest.importorskip("tritonclient.http")
aio = pytest.importorskip("tritonclient.http.aio")
from tritonclient.utils import InferenceServerException  # noqa: E402  # only where the client is installed

from app.main import create_app  # noqa: E402
from app.settings import Settings  # noqa: E402

ONES = np.ones((1, 16), np.int32)
COUNT = np.arange(16, dtype=np.int32)[np.newaxis]


@pytest.fixture(scope="module")
def address(simple_models: Path, listening: Callable[..., AbstractContextManager[tuple[str, int]]]) -> Iterator[str]:
    """Where the models are served."""
    with listening(create_app(Settings(models_dir=simple_models, access_log=False))) as (host, port):
        yield f"{host}:{port}"


@pytest.fixture
def triton(address: str) -> Iterator["tritonclient.InferenceServerClient"]:
    with tritonclient.InferenceServerClient(address) as client:
        yield client


def tensor(name: str, array: np.ndarray, datatype: str = "INT32", *, binary: bool = True) -> object:
    given = tritonclient.InferInput(name, list(array.shape), datatype)
    given.set_data_from_numpy(array, binary_data=binary)
    return given


def pair(*, binary: bool = True) -> list:
    return [tensor("INPUT0", COUNT, binary=binary), tensor("INPUT1", ONES, binary=binary)]


def check(result: object) -> None:
    assert np.array_equal(result.as_numpy("OUTPUT0"), COUNT + 1)
    assert np.array_equal(result.as_numpy("OUTPUT1"), COUNT - 1)


def test_the_probes_are_true(triton):
    assert triton.is_server_live()
    assert triton.is_server_ready()
    assert triton.is_model_ready("simple")
    assert triton.is_model_ready("simple", "1")
    assert not triton.is_model_ready("simpel")


def test_metadata_and_configuration_describe_the_model(triton):
    assert "binary_tensor_data" in triton.get_server_metadata()["extensions"]
    assert triton.get_model_metadata("simple")["inputs"][0]["datatype"] == "INT32"
    assert triton.get_model_config("simple", "1")["max_batch_size"] == 8


def test_the_repository_lists_and_loads_what_is_served(triton):
    assert {entry["name"] for entry in triton.get_model_repository_index()} >= {"simple", "simple_string"}
    triton.load_model("simple")
    with pytest.raises(InferenceServerException, match="when the server starts"):
        triton.unload_model("simple")


def test_statistics_are_counted_for_all_models_or_one(triton):
    before = triton.get_inference_statistics("simple")["model_stats"][0]["inference_count"]
    triton.infer("simple", pair())
    assert triton.get_inference_statistics("simple", "1")["model_stats"][0]["inference_count"] == before + 1
    assert len(triton.get_inference_statistics()["model_stats"]) == 5


def test_trace_and_log_settings_are_told(triton):
    settings = triton.get_log_settings()
    assert triton.update_log_settings({"log_errors": settings["log_errors"]}) == settings
    assert triton.get_trace_settings() == triton.get_trace_settings("simple")
    assert triton.update_trace_settings(settings={"trace_level": ["OFF"]}) == {"trace_level": ["OFF"]}
    with pytest.raises(InferenceServerException, match="nothing is traced"):
        triton.update_trace_settings("simple", {"trace_level": ["TIMESTAMPS"]})


@pytest.mark.parametrize("binary", [True, False])
def test_simple_http_infer_client(triton, binary):
    outputs = [tritonclient.InferRequestedOutput(f"OUTPUT{place}", binary_data=binary) for place in range(2)]
    result = triton.infer("simple", pair(binary=binary), outputs=outputs, request_id="1")
    check(result)
    assert result.get_response()["id"] == "1"


def test_the_clients_defaults_give_every_output(triton):
    check(triton.infer("simple", pair()))


@pytest.mark.parametrize("algorithm", ["gzip", "deflate"])
def test_compressed_both_ways(triton, algorithm):
    compressed = {"request_compression_algorithm": algorithm, "response_compression_algorithm": algorithm}
    check(triton.infer("simple", pair(), **compressed))


def test_simple_http_async_infer_client(triton):
    waiting = [triton.async_infer("simple", pair(), priority=place, timeout=10_000_000) for place in range(4)]
    for one in waiting:
        check(one.get_result())


def test_simple_http_infer_client_with_strings_in_json(triton):
    texts = np.array([["日本"]], object)
    outputs = [tritonclient.InferRequestedOutput("OUTPUT0", binary_data=False)]
    result = triton.infer("simple_identity", [tensor("INPUT0", texts, "BYTES", binary=False)], outputs=outputs)
    assert result.as_numpy("OUTPUT0")[0, 0] in ("日本", "日本".encode())


def test_a_batch_of_floats_comes_back_bit_by_bit(triton):
    array = np.random.default_rng(1).standard_normal((20, 3000)).astype(np.float32)
    array[0, :2] = np.nan, np.inf
    result = triton.infer("floats", [tensor("INPUT0", array, "FP32")])
    assert result.as_numpy("OUTPUT0").tobytes() == array.tobytes()


def test_classes_instead_of_numbers(triton):
    scores = np.array([[1, 3, 2]], np.float32)
    outputs = [tritonclient.InferRequestedOutput("OUTPUT0", class_count=2)]
    result = triton.infer("scores", [tensor("INPUT0", scores, "FP32")], outputs=outputs)
    assert result.as_numpy("OUTPUT0").tolist() == [[b"3.000000:1:dog", b"2.000000:2:eel"]]


def test_bodies_made_and_read_apart_from_the_connection(address, triton):
    body, length = tritonclient.InferenceServerClient.generate_request_body(pair())
    headers = {"Inference-Header-Content-Length": length} if length else {}
    response = triton._post("v2/models/simple/infer", body, headers, None)
    parsed = tritonclient.InferenceServerClient.parse_response_body(
        response.read(), header_length=int(response.get("inference-header-content-length"))
    )
    check(parsed)


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({"model_name": "simpel"}, "404", "did you mean 'simple'"),
        ({"model_version": "9"}, "404", "version 9"),
        ({"inputs": [tensor("INPUT0", COUNT)]}, "400", "INPUT1"),
        ({"sequence_id": 7, "sequence_start": True}, "400", "without a state"),
        ({"parameters": {"temperature": 1}}, "400", "temperature"),
    ],
)
def test_the_client_reads_our_errors(triton, changes, status, reason):
    with pytest.raises(InferenceServerException, match=reason) as raised:
        triton.infer(**{"model_name": "simple", "inputs": pair(), **changes})
    assert raised.value.status() == status


# Some methods of this client never read the body of the answer.
@pytest.mark.filterwarnings("ignore:Unclosed connection:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_simple_http_aio_infer_client(address):
    async def ask() -> None:
        async with aio.InferenceServerClient(address) as client:
            assert await client.is_server_live()
            assert await client.is_server_ready()
            assert await client.is_model_ready("simple")
            assert (await client.get_server_metadata())["name"] == "horngate"
            assert (await client.get_model_metadata("simple"))["versions"] == ["1"]
            assert (await client.get_model_config("simple"))["name"] == "simple"
            assert await client.get_model_repository_index()
            assert await client.get_inference_statistics("simple")
            assert await client.get_trace_settings()
            assert await client.get_log_settings()
            await client.load_model("simple")
            for result in await asyncio.gather(*(client.infer("simple", pair()) for _ in range(8))):
                check(result)
            check(await client.infer("simple", pair(), response_compression_algorithm="gzip"))

    asyncio.run(ask())
    gc.collect()  # so that what it leaves open is closed in this test
