"""Everything of the protocol but inference: metadata, probes, the repository, statistics, settings."""

from collections.abc import Callable

import httpx
import pytest

from app.http.oip.answering import MAX_ASKED_BYTES
from app.wire.oip_metadata import EXTENSIONS

pytestmark = pytest.mark.asyncio(loop_scope="module")

ONE_ROW = {"inputs": [{"name": "INPUT0", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}]}


async def test_the_server_tells_its_name_version_and_extensions(simple: httpx.AsyncClient) -> None:
    body = (await simple.get("/v2")).json()
    assert body == {"name": "horngate", "version": body["version"], "extensions": list(EXTENSIONS)}


async def test_live_and_ready_are_200_with_the_specifications_and_kserves_bodies(simple: httpx.AsyncClient) -> None:
    live, ready = await simple.get("/v2/health/live"), await simple.get("/v2/health/ready")
    assert (live.status_code, live.json()) == (200, {"live": True})
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "live": True})


async def test_a_server_without_models_is_not_ready(serving: Callable, tmp_path: object) -> None:
    async with serving(tmp_path) as client:
        response = await client.get("/v2/health/ready")
        assert (response.status_code, response.json()) == (503, {"ready": False, "live": False})
        assert (await client.get("/v2/health/live")).status_code == 200


@pytest.mark.parametrize("path", ["/v2/models/simple", "/v2/models/simple/versions/1"])
async def test_a_models_metadata_tell_its_signature_with_the_rows(simple: httpx.AsyncClient, path: str) -> None:
    tensors = [{"datatype": "INT32", "shape": [-1, 16]}] * 2
    assert (await simple.get(path)).json() == {
        "name": "simple",
        "versions": ["1"],
        "platform": "onnx",
        "inputs": [{"name": f"INPUT{place}", **tensor} for place, tensor in enumerate(tensors)],
        "outputs": [{"name": f"OUTPUT{place}", **tensor} for place, tensor in enumerate(tensors)],
    }


@pytest.mark.parametrize("path", ["/v2/models/simple/ready", "/v2/models/simple/versions/1/ready"])
async def test_a_served_model_is_ready(simple: httpx.AsyncClient, path: str) -> None:
    response = await simple.get(path)
    assert (response.status_code, response.json()) == (200, {"name": "simple", "ready": True})


async def test_a_models_configuration_has_tritons_names_and_no_rows(simple: httpx.AsyncClient) -> None:
    config = (await simple.get("/v2/models/simple_identity/config")).json()
    assert config["max_batch_size"] == 8
    assert config["input"] == [{"name": "INPUT0", "data_type": "TYPE_STRING", "dims": [-1]}]
    assert config["dynamic_batching"]["priority_levels"] == 3


async def test_the_index_lists_what_is_served_for_a_client_without_a_body(simple: httpx.AsyncClient) -> None:
    entries = (await simple.post("/v2/repository/index")).json()
    assert {"name": "simple", "version": "1", "state": "READY", "reason": ""} in entries


async def test_the_index_lists_what_cannot_be_served_unless_only_ready_ones_are_asked_for(
    serving: Callable, build_tensor: Callable, tmp_path: object
) -> None:
    build_tensor(tmp_path)
    (tmp_path / "broken" / "1").mkdir(parents=True)
    async with serving(tmp_path) as client:
        every = (await client.post("/v2/repository/index", json={})).json()
        ready = (await client.post("/v2/repository/index", json={"ready": True})).json()
    broken = next(entry for entry in every if entry["name"] == "broken")
    assert broken["state"] == "UNAVAILABLE"
    assert broken["reason"]
    assert [entry["name"] for entry in ready] == ["adder"]


async def test_loading_a_served_model_succeeds_and_unloading_it_says_why_not(simple: httpx.AsyncClient) -> None:
    loaded = await simple.post("/v2/repository/models/simple/load", json={})
    unloaded = await simple.post("/v2/repository/models/simple/unload", json={"parameters": {}})
    assert (loaded.status_code, loaded.content) == (200, b"")
    assert unloaded.status_code == 501
    assert "when the server starts" in unloaded.json()["error"]


async def test_a_model_cannot_be_loaded_with_a_configuration_of_the_callers(simple: httpx.AsyncClient) -> None:
    asked = {"parameters": {"config": "{}"}}
    assert (await simple.post("/v2/repository/models/simple/load", json=asked)).status_code == 501


@pytest.mark.parametrize("path", ["/v2/trace/setting", "/v2/models/simple/trace/setting"])
async def test_nothing_is_traced_and_cannot_be(simple: httpx.AsyncClient, path: str) -> None:
    assert (await simple.get(path)).json() == {"trace_level": ["OFF"]}
    same = await simple.post(path, json={"trace_level": ["OFF"], "trace_rate": None})
    other = await simple.post(path, json={"trace_level": ["TIMESTAMPS"]})
    assert (same.status_code, other.status_code) == (200, 501)


async def test_log_settings_are_told_and_cannot_be_changed(simple: httpx.AsyncClient) -> None:
    settings = (await simple.get("/v2/logging")).json()
    assert settings["log_errors"] is True
    same = await simple.post("/v2/logging", json={"log_errors": True})
    other = await simple.post("/v2/logging", json={"log_verbose_level": 3})
    assert (same.status_code, same.json()) == (200, settings)
    assert other.status_code == 501
    assert "HORNGATE_LOG_LEVEL" in other.json()["error"]


async def test_statistics_count_rows_batches_and_where_the_time_went(serving: Callable, simple_models: object) -> None:
    async with serving(simple_models) as client:
        before = (await client.get("/v2/models/floats/stats")).json()["model_stats"][0]
        for _ in range(3):
            await client.post("/v2/models/floats/infer", json=ONE_ROW)
        await client.post("/v2/models/floats/infer", json={"inputs": [{"name": "nothing"}]})
        [after] = (await client.get("/v2/models/floats/versions/1/stats")).json()["model_stats"]
        every = (await client.get("/v2/models/stats")).json()["model_stats"]
    assert (before["inference_count"], before["last_inference"]) == (0, 0)
    assert (after["inference_count"], after["execution_count"]) == (3, 3)
    counts = {name: duration["count"] for name, duration in after["inference_stats"].items()}
    assert counts == {
        "success": 3,
        "fail": 1,
        "queue": 3,
        "compute_input": 3,
        "compute_infer": 3,
        "compute_output": 3,
        "cache_hit": 0,
        "cache_miss": 0,
    }
    stages = after["inference_stats"]
    assert stages["fail"]["ns"] > 0
    parts = [stages[name]["ns"] for name in ("queue", "compute_input", "compute_infer", "compute_output")]
    assert all(part > 0 for part in parts)
    assert abs(stages["success"]["ns"] - sum(parts)) < len(parts)
    assert after["last_inference"] > 1.6e12
    assert after in every


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v2/nothing", 404),
        ("GET", "/v2/models/simple/infer", 405),
        ("POST", "/v2", 405),
        ("GET", "/v2/models/simpel", 404),
        ("GET", "/v2/models/simple/versions/2", 404),
        ("GET", "/v2/models/simple/versions/x/ready", 400),
        ("GET", "/v2/models/..%2f..%2fetc%2fpasswd/ready", 404),
        ("POST", "/v2/repository/models/..%2f..%2fetc/load", 404),
        ("POST", "/v2/repository/models/%2e%2e/unload", 404),
    ],
)
async def test_what_is_not_there_is_told_in_the_protocols_shape(
    simple: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    response = await simple.request(method, path)
    assert response.status_code == status
    assert response.json().keys() == {"error"}


async def test_a_wrong_method_is_told_the_right_ones(simple: httpx.AsyncClient) -> None:
    assert (await simple.put("/v2/models/simple/infer")).headers["allow"] == "POST"
    assert (await simple.put("/v2/logging")).headers["allow"] == "GET, HEAD, POST"
    assert "allow" not in (await simple.put("/v2/nothing")).headers


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"ready": 1}', 400),
        (b"[" * 10_000, 400),
        (b" " * (MAX_ASKED_BYTES + 1), 413),
    ],
)
async def test_a_question_that_cannot_be_read_is_refused(simple: httpx.AsyncClient, body: bytes, status: int) -> None:
    response = await simple.post("/v2/repository/index", content=body)
    assert response.status_code == status
    assert response.json().keys() == {"error"}


async def test_unknown_paths_add_no_series_to_the_metrics(simple: httpx.AsyncClient) -> None:
    for place in range(3):
        await simple.get(f"/v2/unknown/{place}")
        await simple.get(f"/v2/models/unknown{place}")
    text = (await simple.get("/metrics")).text
    assert "unknown" not in text
    assert 'route="unmatched"' in text
    assert 'route="/v2/models/{model}"' in text
