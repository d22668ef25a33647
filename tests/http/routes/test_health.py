"""Health in every state: loading, ready, degraded, not ready, draining."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

import app.lifespan
from app.lifecycle.registry import Registry

pytestmark = pytest.mark.asyncio(loop_scope="module")

Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
Build = Callable[..., Path]


async def probes(client: httpx.AsyncClient) -> dict[str, int]:
    return {name: (await client.get(f"/health/{name}")).status_code for name in ("live", "ready", "startup")}


async def test_ready(client: httpx.AsyncClient) -> None:
    assert await probes(client) == {"live": 200, "ready": 200, "startup": 200}
    assert (await client.get("/health/ready")).json() == {"status": "ok", "detail": ""}
    health = (await client.get("/health")).json()
    assert health["status"] == "ready"
    assert health["failures"] == []
    assert [served["model"] for served in health["models"]] == ["adder", "digit", "sentiment", "topic"]
    assert health["models"][0] == {"model": "adder", "version": 1, "runtime": "onnx", "queued_rows": 0}


@pytest.fixture
def disk(tmp_path: Path, build_sentiment: Build) -> Iterator[threading.Event]:
    """A disk that gives the model's manifest only when the event is set: a pipe stands in its place."""
    manifest = build_sentiment(tmp_path) / "manifest.json"
    content = manifest.read_bytes()
    manifest.unlink()
    os.mkfifo(manifest)
    answers = threading.Event()

    def write() -> None:
        answers.wait(20)
        manifest.write_bytes(content)

    writer = threading.Thread(target=write)
    writer.start()
    yield answers
    answers.set()
    writer.join(20)


async def test_loading_and_then_ready(
    serving: Serving,
    tmp_path: Path,
    disk: threading.Event,
    registry_of: Callable[..., Registry],
    eventually: Callable[..., Any],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.lifespan, "LISTEN_AFTER_SECONDS", 0.0)
        async with serving(tmp_path) as client:
            assert await probes(client) == {"live": 200, "ready": 503, "startup": 503}
            ready = await client.get("/health/ready")
            assert ready.json() == {"status": "unavailable", "detail": "models are still being loaded"}
            assert ready.headers["retry-after"] == "1"
            assert (await client.get("/health")).json()["status"] == "loading"
            refused = await client.post("/predict/sentiment", json={"text": "good"})
            assert (refused.status_code, refused.json()["code"]) == (503, "not_ready")
            assert refused.headers["retry-after"] == "1"
            assert (await client.get("/models/sentiment")).status_code == 503
            disk.set()
            await asyncio.to_thread(eventually, lambda: not registry_of(client.app).is_loading)
            assert await probes(client) == {"live": 200, "ready": 200, "startup": 200}
            assert (await client.post("/predict/sentiment", json={"text": "good"})).status_code == 200


async def test_degraded_names_every_broken_folder_and_serves_the_others(
    serving: Serving, tmp_path: Path, build_sentiment: Build, build_topic: Build, sum_of: Callable[..., float]
) -> None:
    build_sentiment(tmp_path)
    (build_topic(tmp_path, "corrupt") / "model.onnx").write_bytes(b"not a graph")
    (build_topic(tmp_path, "incomplete") / "tokenizer.json").unlink()
    manifest = build_topic(tmp_path, "outside") / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"model.onnx"', '"model\\u0000.onnx"'))
    build_topic(tmp_path, "unreadable")
    (tmp_path / "unreadable/serving.json").mkdir()
    (tmp_path / "empty").mkdir()
    (build_topic(tmp_path, "unfinished") / "manifest.json").unlink()
    async with serving(tmp_path) as client:
        health = (await client.get("/health")).json()
        assert health["status"] == "degraded"
        assert await probes(client) == {"live": 200, "ready": 200, "startup": 200}
        reasons = {failure["folder"]: failure["reason"] for failure in health["failures"]}
        expected = {
            "corrupt/1": "model.onnx has another SHA-256",
            "empty": "expected a version folder",
            "incomplete/1": "tokenizer.json is missing",
            "outside/1": "",
            "unfinished/1": "manifest.json is missing",
            "unreadable": "Is a directory",
        }
        assert set(reasons) == set(expected)
        assert all(part in reasons[folder] for folder, part in expected.items()), reasons
        assert (await client.post("/predict/sentiment", json={"text": "good"})).status_code == 200
        missing = await client.post("/predict/corrupt", json={"text": "good"})
        assert (missing.status_code, missing.json()["code"]) == (404, "model_not_found")
        text = (await client.get("/metrics")).text
        assert sum_of(text, "horngate_model_loads_total", model="corrupt", outcome="failure") == 1
        assert sum_of(text, "horngate_model_loads_total", model="sentiment", outcome="success") == 1
        assert sum_of(text, "horngate_ready") == 1


async def test_an_older_version_stands_in_for_a_broken_one(
    serving: Serving, tmp_path: Path, build_sentiment: Build
) -> None:
    build_sentiment(tmp_path, version=1)
    build_sentiment(tmp_path, version=2)
    (tmp_path / "sentiment/2/tokenizer.json").unlink()
    async with serving(tmp_path) as client:
        assert (await client.get("/health")).json()["status"] == "degraded"
        assert (await client.post("/predict/sentiment", json={"text": "good"})).json()["version"] == 1


async def test_not_ready_says_what_is_missing(
    serving: Serving, tmp_path: Path, tiny_models: Path, sum_of: Callable[..., float]
) -> None:
    async with serving(tiny_models, required_models=("sentiment", "weather")) as client:
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["detail"]) == (503, "required, but not served: weather")
        assert (await client.get("/health")).json()["status"] == "not_ready"
        assert sum_of((await client.get("/metrics")).text, "horngate_ready") == 0
    async with serving(tmp_path) as client:
        assert (await client.get("/health/ready")).json()["detail"] == "no model is served"
    async with serving(tmp_path / "none") as client:
        (failure,) = (await client.get("/health")).json()["failures"]
        assert failure["folder"] == "."
        assert "expected a folder of models" in failure["reason"]


async def test_draining_refuses_the_probe_and_still_answers_requests(
    serving: Serving, sum_of: Callable[..., float]
) -> None:
    async with serving() as client:
        signal.raise_signal(signal.SIGTERM)
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["detail"]) == (503, "the server is draining")
        assert (await client.get("/health")).json()["status"] == "draining"
        assert await probes(client) == {"live": 200, "ready": 503, "startup": 200}
        assert (await client.post("/predict/sentiment", json={"text": "good"})).status_code == 200
        assert sum_of((await client.get("/metrics")).text, "horngate_ready") == 0
