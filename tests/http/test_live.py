"""The stream of live figures: made once for all who look on, and ended in good time."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

import app.http.live
from app.http.live import LiveFeed
from app.lifecycle.readiness import Readiness
from app.lifecycle.registry import Registry
from app.main import create_app
from app.observability.metrics import SECONDS, Metrics
from app.settings import Settings

Listening = Callable[[FastAPI], AbstractContextManager[tuple[str, int]]]
Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


def content(event: bytes) -> dict[str, Any]:
    assert event.startswith(b"data: ")
    assert event.endswith(b"}\n\n")
    assert event.count(b"\n") == 2
    return json.loads(event[6:])


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


@pytest.fixture
def readiness() -> Readiness:
    return Readiness(Registry(), ())


@pytest.fixture
def feed(metrics: Metrics, readiness: Readiness) -> LiveFeed:
    return LiveFeed(metrics, readiness)


async def test_an_event_tells_what_was_counted_until_now(feed: LiveFeed, metrics: Metrics) -> None:
    metrics.request_finished("/predict/{model}", "topic", "1", 200, 0.003)
    told = content(await feed.event())
    assert told["bounds"] == list(SECONDS)
    assert told["status"] == "loading"
    assert told["models"]["topic"]["seconds"] == [bound >= 0.003 for bound in SECONDS] + [1]
    assert told["time"] > 0


async def test_an_event_is_made_once_a_second_for_all(feed: LiveFeed, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(app.http.live, "monotonic", lambda: now)
    first = await feed.event()
    now += 0.999
    assert await feed.event() is first
    now += 0.001
    assert await feed.event() is not first


async def test_a_stream_goes_on_until_the_server_drains(
    feed: LiveFeed, readiness: Readiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.http.live, "PERIOD_SECONDS", 0.0)
    seen = []
    async for event in feed.stream():
        seen.append(content(event)["status"])
        readiness.is_draining = len(seen) == 3
    assert seen == ["loading", "loading", "loading"]
    assert [content(event)["status"] async for event in feed.stream()] == ["draining"]


async def test_a_stream_ends_after_its_time(feed: LiveFeed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.http.live, "LONGEST_SECONDS", 0.0)
    assert len([event async for event in feed.stream()]) == 1


async def test_all_streams_get_the_same_event_and_one_that_leaves_takes_it_from_none(
    feed: LiveFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.http.live, "PERIOD_SECONDS", 0.1)
    streams = [feed.stream() for _ in range(3)]
    await asyncio.gather(*(anext(stream) for stream in streams))
    waiting = [asyncio.ensure_future(anext(stream)) for stream in streams]
    await asyncio.sleep(0)
    waiting[0].cancel()
    _, one, other = await asyncio.gather(*waiting, return_exceptions=True)
    assert one is other
    assert content(one)["models"] == {}
    for stream in streams:
        await stream.aclose()


def test_a_browser_gets_events_and_may_leave(tiny_models: Path, listening: Listening) -> None:
    with listening(create_app(Settings(models_dir=tiny_models))) as (host, port):
        url = f"http://{host}:{port}/playground/live"
        with httpx.stream("GET", url, timeout=60) as answer:
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert answer.headers["cache-control"] == "no-cache"
            first = content(next(answer.iter_bytes()))
        assert first["status"] == "ready"
        assert set(first["models"]) == {"sentiment", "topic", "digit", "adder"}


async def test_without_the_playground_there_is_no_stream(serving: Serving) -> None:
    async with serving(playground=False) as client:
        assert (await client.get("/playground/live")).status_code == 404
