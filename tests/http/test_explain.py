"""Explanations over HTTP: planted words and pixels get the blame, and overload is what it is for predictions."""

import asyncio
import dataclasses
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from app.inference.batcher import Batcher
from app.inference.pool import Pool
from app.inference.runtimes.fake import FakeRuntime
from app.inference.sizing import Sizing
from app.lifecycle.registry import Registry
from app.repository.scanner import VersionFolder

pytestmark = pytest.mark.asyncio(loop_scope="module")

Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
WAIT_SECONDS = 20.0

LEFT_BAR = [[float(4 <= row < 24 and 4 <= column < 8) for column in range(28)] for row in range(28)]


def shares(answer: dict[str, Any]) -> dict[str, float]:
    """What each word contributed to the log-odds, which add up in a model that sums."""
    return {word["token"]: round(word["log_odds"], 3) for word in answer["tokens"]}


async def ask(client: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    response = await client.post(path, json=body)
    assert response.status_code == 200, response.text
    return response.json()


async def test_planted_words_get_the_blame_and_sum_to_the_difference(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "/explain/sentiment", text="A GOOD film, bad 好")
    assert shares(answer) == {"A": 0, "GOOD": 3, "film": 0, ",": 0, "bad": -3, "好": 3}
    assert answer["explained"] == "positive"
    assert answer["log_odds"] == pytest.approx({"score": 3, "baseline": 0, "sum": 3, "difference": 3}, abs=1e-4)
    assert answer["baseline"] == 0.5
    assert answer["difference"] == pytest.approx(answer["score"] - answer["baseline"], abs=1e-6)
    assert answer["sum"] == pytest.approx(sum(word["contribution"] for word in answer["tokens"]), abs=1e-5)
    assert answer["method"]["rows"] == 8
    assert (answer["model"], answer["version"]) == ("sentiment", 1)


@pytest.mark.parametrize("text", ["good film", "film bad 坏", "好，film!", "film"])
async def test_a_contribution_is_the_difference_between_two_predictions(client: httpx.AsyncClient, text: str) -> None:
    answer = await ask(client, "/explain/sentiment", text=text)
    predicted = await ask(client, "/predict/sentiment", text=text)
    assert answer["prediction"] == {name: predicted[name] for name in ("label", "score", "probabilities")}
    for word in answer["tokens"]:
        assert text[word["start"] : word["end"]] == word["token"]
        rest = text[: word["start"]] + " " + text[word["end"] :]
        score = (
            (await ask(client, "/predict/sentiment", text=rest))["probabilities"][answer["explained"]]
            if rest.strip()
            else answer["baseline"]
        )
        assert word["contribution"] == pytest.approx(answer["score"] - score, abs=3e-6)


async def test_another_class_can_be_explained(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "/explain/sentiment?class=negative", text="good film")
    assert shares(answer) == {"good": -3, "film": 0}
    assert (answer["prediction"]["label"], answer["explained"]) == ("positive", "negative")
    assert answer["score"] == answer["prediction"]["probabilities"]["negative"]
    topic = await ask(client, "/explain/topic?class=Sports", text="oil goal")
    assert shares(topic)["goal"] > 4
    assert shares(topic)["oil"] < 0


async def test_a_neutral_prediction_is_explained_by_the_likelier_side(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "/explain/sentiment", text="film")
    assert answer["prediction"]["label"] == "neutral"
    assert answer["explained"] in ("negative", "positive")


async def test_words_are_left_out_together_where_fewer_rows_are_asked_for(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "/explain/sentiment?rows=4", text="good film film  good film bad")
    assert shares(answer) == {"good film film": 3, "good film bad": 0}
    assert answer["method"]["tokens_together"] == 3
    assert answer["method"]["rows"] == 4
    assert answer["sum"] == pytest.approx(sum(word["contribution"] for word in answer["tokens"]), abs=1e-5)


async def test_the_pixels_that_make_the_digit_are_warm(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "/explain/digit", pixels=LEFT_BAR)
    assert answer["picture"] == LEFT_BAR
    assert (answer["prediction"]["digit"], answer["explained"]) == (1, 1)
    grid = np.array(answer["log_odds_contributions"])
    assert grid.shape == (28, 28)
    assert grid[8:20, 4:8].min() > 0
    assert grid[:, 12:].max() == grid[:, 12:].min() == 0
    for scale, field_name in ((answer, "contributions"), (answer["log_odds"], "log_odds_contributions")):
        assert scale["sum"] == pytest.approx(np.sum(answer[field_name]), abs=1e-5)
    other = await ask(client, "/explain/digit?class=7", pixels=LEFT_BAR)
    assert np.array(other["log_odds_contributions"])[8:20, 4:8].max() < 0


async def test_a_picture_may_come_as_a_file(client: httpx.AsyncClient, picture: Callable[..., bytes]) -> None:
    sent = await client.post("/explain/digit", content=picture(), headers={"Content-Type": "image/png"})
    form = await client.post("/explain/digit", files={"file": ("one.png", picture(), "image/png")})
    predicted = await client.post("/predict/digit", files={"file": ("one.png", picture(), "image/png")})
    assert sent.json() == form.json()
    assert sent.json()["prediction"]["probabilities"] == predicted.json()["probabilities"]
    assert np.max(sent.json()["picture"]) == 1


async def test_an_empty_picture_has_no_warm_pixel(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "/explain/digit", pixels=[[0] * 28] * 28)
    assert not np.any(answer["contributions"])
    assert (answer["sum"], answer["difference"], answer["method"]["rows"]) == (0, 0, 2)


async def test_the_headers_are_those_of_a_prediction(client: httpx.AsyncClient) -> None:
    response = await client.post("/explain/sentiment", json={"text": "good"}, headers={"X-Request-ID": "mine"})
    assert response.headers["x-model"] == "sentiment/1"
    assert response.headers["x-request-id"] == "mine"
    assert {part.partition(";")[0] for part in response.headers["server-timing"].split(", ")} == {
        "queue",
        "preprocess",
        "infer",
        "total",
    }


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/explain/sentiment?class=positiv", {"text": "a"}, "negative, positive in ?class; did you mean 'positive'?"),
        ("/explain/digit?class=10", {"pixels": [0] * 784}, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 in ?class"),
        ("/explain/sentiment?rows=2", {"text": "a"}, "3 to 1,024 in ?rows"),
        ("/explain/sentiment?rows=1025", {"text": "a"}, "3 to 1,024 in ?rows"),
        ("/explain/sentiment?rows=many", {"text": "a"}, "a positive whole number in ?rows"),
        ("/explain/sentiment", {"texts": ["a", "b"]}, "one input, without a list around it; received a list of 2"),
        ("/explain/sentiment", {"text": " "}, "a text with at least one visible character"),
        ("/explain/digit", {"pixels": [[0] * 784]}, "one input, without a list around it; received a list of 1"),
        ("/explain/adder", {"inputs": {}}, "a model of one of the tasks digit, sentiment, topic"),
    ],
)
async def test_what_cannot_be_explained_is_refused_with_what_can(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], expected: str
) -> None:
    response = await client.post(path, json=body)
    assert (response.status_code, response.json()["code"]) == (422, "input_invalid")
    assert expected in response.json()["detail"]


async def test_limits_and_routes_are_those_of_a_prediction(serving: Serving) -> None:
    async with serving(max_text_characters=8, max_body_bytes=1024) as client:
        assert (await client.post("/explain/sentiment", json={"text": "much too long"})).status_code == 413
        assert (await client.post("/explain/sentiment", json={"text": "a" * 2000})).status_code == 413
        assert (await client.post("/explain/sentimnt", json={"text": "a"})).status_code == 404
        assert (await client.post("/explain/sentiment/more", json={"text": "a"})).status_code == 404
        assert (await client.post("/explain/sentiment?version=9", json={"text": "a"})).status_code == 404
        assert (await client.get("/explain/sentiment")).status_code == 405
        assert (await client.post("/explain/sentiment", content=b"{")).status_code == 400


async def test_an_explanation_counts_as_one_answered_request(serving: Serving, sum_of: Callable[..., float]) -> None:
    async with serving() as client:
        await ask(client, "/explain/sentiment", text="good bad")
        metrics = (await client.get("/metrics")).text
        named = {"model": "sentiment", "version": "1"}
        assert sum_of(metrics, "horngate_requests_total", route="/explain/{model}", code="200", **named) == 1
        assert sum_of(metrics, "horngate_stage_seconds_count", stage="infer", **named) == 1
        assert sum_of(metrics, "horngate_predictions_total", **named) == 0


@dataclass
class Slow:
    """`slow/1`, a model of digits whose every batch, one row each, waits for `release`."""

    started: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)
    value: float = 0.1

    def answer(self, tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        self.started.set()
        if not self.release.wait(WAIT_SECONDS):
            raise TimeoutError
        return {"probabilities": np.full((len(tensors["pixels"]), 10), self.value, np.float32)}

    def serve_beside(self, registry: Registry, max_queue_rows: int = 8) -> Batcher:
        real = registry.resolve("digit")
        pool = Pool([FakeRuntime(real.signature, self.answer)])
        batcher = Batcher(pool, real.signature, real.observer, sizing=Sizing(1), max_queue_rows=max_queue_rows)
        manifest = real.manifest.model_copy(update={"name": "slow"})
        folder = VersionFolder("slow", 1, Path("slow/1"))
        model = dataclasses.replace(real, folder=folder, manifest=manifest, pool=pool, batcher=batcher)
        registry.add("slow", [model], 1, {})
        return batcher


@pytest.fixture
def slow() -> Iterator[Slow]:
    slow = Slow()
    yield slow
    slow.release.set()


async def test_an_explanation_waits_no_longer_than_its_deadline(
    serving: Serving, slow: Slow, registry_of: Callable[..., Registry]
) -> None:
    async with serving() as client:
        batcher = slow.serve_beside(registry_of(client.app))
        response = await client.post("/explain/slow", json={"pixels": LEFT_BAR}, headers={"X-Request-Timeout-Ms": "40"})
        assert (response.status_code, response.json()["code"]) == (504, "deadline_exceeded")
        assert batcher.queued_rows == 0
        slow.release.set()


async def test_past_the_queue_limit_an_explanation_is_refused_at_once(
    serving: Serving, slow: Slow, registry_of: Callable[..., Registry]
) -> None:
    async with serving() as client:
        slow.serve_beside(registry_of(client.app))
        first = asyncio.create_task(client.post("/explain/slow", json={"pixels": LEFT_BAR}))
        await asyncio.to_thread(slow.started.wait, WAIT_SECONDS)
        refused = await client.post("/explain/slow", json={"pixels": LEFT_BAR})
        assert (refused.status_code, refused.json()["code"]) == (429, "queue_full")
        assert int(refused.headers["retry-after"]) >= 1
        slow.release.set()
        assert (await first).status_code == 200


async def test_a_model_that_gives_nan_has_failed(
    serving: Serving, slow: Slow, registry_of: Callable[..., Registry]
) -> None:
    slow.value = float("nan")
    slow.release.set()
    async with serving() as client:
        slow.serve_beside(registry_of(client.app))
        response = await client.post("/explain/slow", json={"pixels": LEFT_BAR})
        assert (response.status_code, response.json()["code"]) == (500, "inference_failed")


async def test_a_client_that_leaves_takes_its_rows_with_it(
    serving: Serving,
    slow: Slow,
    registry_of: Callable[..., Registry],
    eventually: Callable[..., object],
) -> None:
    async with serving() as client:
        batcher = slow.serve_beside(registry_of(client.app))
        waiting = asyncio.create_task(client.post("/explain/slow", json={"pixels": LEFT_BAR}))
        await asyncio.to_thread(slow.started.wait, WAIT_SECONDS)
        assert batcher.queued_rows > 0
        waiting.cancel()
        await asyncio.to_thread(eventually, lambda: batcher.queued_rows == 0)
        slow.release.set()
