"""The hot path: one answer to every request, with what its headers promise."""

import asyncio
import dataclasses
import json
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from app.lifecycle.registry import Registry

pytestmark = pytest.mark.asyncio(loop_scope="module")

Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


async def test_one_text_has_one_answer_and_many_have_a_list(client: httpx.AsyncClient) -> None:
    one = await client.post("/predict/sentiment", json={"text": "good film"})
    assert one.json() == {
        "label": "positive",
        "score": 0.952574,
        "probabilities": {"positive": 0.952574, "negative": 0.047426},
        "model": "sentiment",
        "version": 1,
    }
    many = await client.post("/predict/sentiment", json={"texts": ["good film", "bad film", "film", "好"]})
    assert [prediction["label"] for prediction in many.json()["predictions"]] == [
        "positive",
        "negative",
        "neutral",
        "positive",
    ]
    assert (many.json()["model"], many.json()["version"]) == ("sentiment", 1)
    assert many.json()["predictions"][0]["score"] == one.json()["score"]


async def test_a_topic_is_one_of_the_labels(client: httpx.AsyncClient) -> None:
    answer = (await client.post("/predict/topic", json={"text": "oil"})).json()
    assert answer["label"] == "Business"
    assert list(answer["probabilities"]) == ["World", "Sports", "Business", "Sci/Tech"]
    assert answer["score"] == answer["probabilities"]["Business"]


async def test_tensors_come_back_row_by_row(client: httpx.AsyncClient) -> None:
    inputs = {"left": [[1, 2], [3, 4]], "right": [[10, 20], [30, 40]], "count": [1, 2]}
    answer = (await client.post("/predict/adder", json={"inputs": inputs})).json()
    assert answer["predictions"] == [
        {"outputs": {"sum": [11.0, 22.0], "tripled": 3}},
        {"outputs": {"sum": [33.0, 44.0], "tripled": 6}},
    ]


async def test_more_rows_than_a_batch_holds_come_back_in_order(client: httpx.AsyncClient) -> None:
    texts = ["good", "bad", "bad"] * 20
    answer = (await client.post("/predict/sentiment", json={"texts": texts})).json()
    assert [prediction["label"] for prediction in answer["predictions"]] == ["positive", "negative", "negative"] * 20


async def test_many_callers_at_once_each_get_their_own_answer(client: httpx.AsyncClient) -> None:
    texts = ["good", "bad", "film", "good good"] * 25
    answers = await asyncio.gather(*(client.post("/predict/sentiment", json={"text": text}) for text in texts))
    alone = {text: (await client.post("/predict/sentiment", json={"text": text})).json() for text in set(texts)}
    assert [answer.json() for answer in answers] == [alone[text] for text in texts]


async def test_the_response_names_the_model_and_where_the_time_went(client: httpx.AsyncClient) -> None:
    response = await client.post("/predict/sentiment", json={"text": "good"})
    assert response.headers["x-model"] == "sentiment/1"
    assert response.headers["content-type"] == "application/json"
    timing = dict(part.split(";dur=") for part in response.headers["server-timing"].split(", "))
    assert list(timing) == ["queue", "preprocess", "infer", "total"]
    total = float(timing.pop("total"))
    assert 0 < sum(map(float, timing.values())) <= total


@pytest_asyncio.fixture(loop_scope="module")
async def pinned(
    serving: Serving, tmp_path: Path, build_sentiment: Callable[..., Path]
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of three versions, of which the first is the default and the third is called `canary`."""
    for version in (1, 2, 3):
        build_sentiment(tmp_path, version=version)
    (tmp_path / "sentiment/serving.json").write_text('{"default": 1, "labels": {"canary": 3}}')
    async with serving(tmp_path) as client:
        yield client


async def test_a_version_or_a_label_pins_and_without_one_the_default_answers(pinned: httpx.AsyncClient) -> None:
    for query, version in (("", 1), ("?version=1", 1), ("?version=3", 3), ("?label=canary", 3)):
        response = await pinned.post(f"/predict/sentiment{query}", json={"text": "good"})
        assert response.json()["version"] == version
        assert response.headers["x-model"] == f"sentiment/{version}"


async def test_an_unknown_pin_is_told_what_is_served(pinned: httpx.AsyncClient) -> None:
    response = await pinned.post("/predict/sentiment?version=2", json={"text": "good"})
    assert response.json()["detail"] == "version 2 of sentiment is not served; served: 1, 3"
    response = await pinned.post("/predict/sentiment?label=stable", json={"text": "good"})
    assert response.json()["detail"] == "sentiment has no label 'stable'; its labels: canary"
    assert response.status_code == 404


async def test_a_request_waits_no_longer_than_it_says(serving: Serving, held: Any) -> None:
    async with serving() as client:
        held.serve_in(client.app)
        waiting = asyncio.create_task(client.post("/predict/held", json={"inputs": [1]}))
        await asyncio.to_thread(held.started.wait, 20)
        response = await client.post("/predict/held", json={"inputs": [2]}, headers={"X-Request-Timeout-Ms": "40"})
        assert response.status_code == 504
        assert response.json()["code"] == "deadline_exceeded"
        assert "in the queue; allow more time or retry later" in response.json()["detail"]
        held.release.set()
        assert (await waiting).json()["predictions"] == [{"outputs": {"value": 1.0}}]
        assert held.seen == [[1.0]]


async def test_a_request_cannot_ask_for_more_time_than_the_server_gives(serving: Serving, held: Any) -> None:
    async with serving(request_timeout_seconds=0.04) as client:
        held.serve_in(client.app)
        response = await client.post("/predict/held", json={"inputs": [1]}, headers={"X-Request-Timeout-Ms": "60000"})
        assert response.status_code == 504
        held.release.set()


async def test_past_the_queue_limit_it_refuses_at_once_and_health_and_metrics_still_answer(
    serving: Serving, held: Any, sum_of: Callable[..., float], eventually: Callable[..., Any]
) -> None:
    async with serving() as client:
        model = held.serve_in(client.app, max_queue_rows=3)
        first = asyncio.create_task(client.post("/predict/held", json={"inputs": [0]}))
        await asyncio.to_thread(held.started.wait, 20)
        waiting = [asyncio.create_task(client.post("/predict/held", json={"inputs": [row]})) for row in (1, 2, 3)]
        await asyncio.to_thread(eventually, lambda: model.batcher.queued_rows == 3)
        refused = await client.post("/predict/held", json={"inputs": [4]})
        assert (refused.status_code, refused.json()["code"]) == (429, "queue_full")
        assert int(refused.headers["retry-after"]) >= 1
        assert (await client.get("/health/ready")).status_code == 200
        queued = {served["model"]: served["queued_rows"] for served in (await client.get("/health")).json()["models"]}
        assert queued["held"] == 3
        metrics = (await client.get("/metrics")).text
        assert sum_of(metrics, "horngate_queue_rows", model="held") == 3
        assert sum_of(metrics, "horngate_rejected_total", model="held", reason="queue_full") == 1
        held.release.set()
        answers = await asyncio.gather(first, *waiting)
        assert [answer.json()["predictions"][0]["outputs"]["value"] for answer in answers] == [0, 1, 2, 3]


class Recording:
    """A task that notes whether it prepares inputs on the event loop's thread."""

    def __init__(self, task: Any) -> None:
        self._task = task
        self.on_loop: list[bool] = []
        self.label_key = task.label_key
        self.postprocess = task.postprocess

    def preprocess(self, inputs: Sequence[Any]) -> Any:
        self.on_loop.append(threading.current_thread() is threading.main_thread())
        return self._task.preprocess(inputs)


def recording(registry: Registry, name: str, kind: type[Recording] = Recording) -> Recording:
    """Let the model's task note where it runs."""
    model = registry.resolve(name)
    task = kind(model.task)
    registry.add(name, [dataclasses.replace(model, task=task)], model.version, {})
    return task


@pytest.mark.parametrize(
    ("given", "on_loop"),
    [((28, "PNG"), True), ((3000, "PNG"), False), ((28, "WEBP"), False)],
    ids=["a small PNG", "a short PNG of nine million pixels", "a format whose size is not known beforehand"],
)
async def test_what_may_take_long_is_prepared_off_the_event_loop(
    serving: Serving, registry_of: Callable[..., Registry], blank: Any, given: tuple[int, str], *, on_loop: bool
) -> None:
    async with serving() as client:
        task = recording(registry_of(client.app), "digit")
        picture = blank(*given)
        assert len(picture) < 8192
        response = await client.post("/predict/digit", content=picture, headers={"content-type": ""})
        assert response.json()["detail"].endswith("received a blank picture")
        assert task.on_loop == [on_loop]


async def test_a_long_text_is_prepared_off_the_event_loop(
    serving: Serving, registry_of: Callable[..., Registry]
) -> None:
    async with serving() as client:
        task = recording(registry_of(client.app), "sentiment")
        for text in ("good", "good " * 10_000):
            assert (await client.post("/predict/sentiment", json={"text": text})).json()["label"] == "positive"
        assert task.on_loop == [True, False]


class Stuck(Recording):
    """A task whose preparation waits for an event."""

    go_on = threading.Event()

    def preprocess(self, inputs: Sequence[Any]) -> Any:
        self.go_on.wait(20)
        return super().preprocess(inputs)


async def test_what_takes_too_long_to_prepare_ends_with_the_deadline(
    serving: Serving, registry_of: Callable[..., Registry], sum_of: Callable[..., float]
) -> None:
    async with serving() as client:
        task = recording(registry_of(client.app), "sentiment", Stuck)
        headers = {"X-Request-Timeout-Ms": "50"}
        response = await client.post("/predict/sentiment", json={"text": "good " * 5000}, headers=headers)
        task.go_on.set()
        assert (response.status_code, response.json()["code"]) == (504, "deadline_exceeded")
        assert response.json()["detail"].startswith("the inputs were not prepared within ")
        text = (await client.get("/metrics")).text
        assert sum_of(text, "horngate_rejected_total", model="sentiment", reason="deadline_exceeded") == 1


async def test_a_request_that_the_server_gives_up_on_its_way_out_is_told_so(serving: Serving, held: Any) -> None:
    async with serving() as client:
        held.serve_in(client.app)
        sent: list[dict[str, Any]] = []
        task = asyncio.create_task(call(client.app, b'{"inputs": [1]}', sent))
        await asyncio.to_thread(held.started.wait, 20)
        task.cancel()
        await task
        assert sent[0]["status"] == 503
        assert (b"retry-after", b"1") in sent[0]["headers"]
        assert json.loads(sent[1]["body"])["detail"] == "the server is shutting down"
        held.release.set()


async def test_a_request_that_is_given_up_while_its_answer_goes_out_is_not_answered_twice(serving: Serving) -> None:
    async with serving() as client:
        started, sent = asyncio.Event(), []

        async def stuck(message: dict[str, Any]) -> None:
            sent.append(message["type"])
            started.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(call(client.app, b'{"text": "good"}', stuck, "/predict/sentiment"))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert sent == ["http.response.start"]


async def call(app: Any, body: bytes, send: Any, path: str = "/predict/held") -> None:
    """One request straight to the application; `send` takes its messages, or is a list for them."""

    async def receive() -> dict[str, Any]:
        messages = [{"type": "http.request", "body": body, "more_body": False}]
        return messages.pop() if not asked and not asked.append(True) else await asyncio.Event().wait()

    async def keep(message: dict[str, Any]) -> None:
        send.append(message)

    asked: list[bool] = []
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": [], "root_path": ""}
    await app(scope, receive, keep if isinstance(send, list) else send)
