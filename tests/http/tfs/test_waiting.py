"""Predictions that cannot be answered at once, or not at all: deadlines, a full queue, who leaves, failures."""

import asyncio
import dataclasses
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/v1/models/held:predict"


def row(value: float) -> dict:
    return {"instances": [value]}


async def test_a_request_waits_no_longer_than_it_says(serving: Callable, held: Any) -> None:
    async with serving() as client:
        held.serve_in(client.app)
        waiting = asyncio.create_task(client.post(PATH, json=row(1)))
        await asyncio.to_thread(held.started.wait, 20)
        response = await client.post(PATH, json=row(2), headers={"X-Request-Timeout-Ms": "40"})
        held.release.set()
        assert (await waiting).json() == {"predictions": [1.0]}
    assert response.status_code == 504
    assert "in the queue" in response.json()["error"]
    assert held.seen == [[1.0]]


async def test_a_full_queue_is_429_with_the_time_to_come_back(
    serving: Callable, held: Any, eventually: Callable
) -> None:
    async with serving() as client:
        model = held.serve_in(client.app, max_queue_rows=1)
        tasks = [asyncio.create_task(client.post(PATH, json=row(0)))]
        await asyncio.to_thread(held.started.wait, 20)
        tasks.append(asyncio.create_task(client.post(PATH, json=row(1))))
        await asyncio.to_thread(eventually, lambda: model.batcher.queued_rows == 1)
        refused = await client.post(PATH, json=row(2))
        held.release.set()
        await asyncio.gather(*tasks)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json().keys() == {"error"}


async def test_a_failing_model_is_500_with_the_reason(serving: Callable, held: Any) -> None:
    held.answer = lambda tensors: {}
    async with serving() as client:
        held.serve_in(client.app)
        response = await client.post(PATH, json=row(1))
    assert response.status_code == 500
    assert "expected an output 'value'" in response.json()["error"]


async def test_a_failure_of_our_own_is_500_and_tells_only_where_to_look(
    serving: Callable, held: Any, registry_of: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving() as client:
        model = held.serve_in(client.app)
        registry_of(client.app).add("held", [dataclasses.replace(model, signature=None)], 1, {})
        async with httpx.AsyncClient(transport=httpx.ASGITransport(client.app), base_url="http://test") as plain:
            response = await plain.post(PATH, json=row(1), headers={"X-Request-ID": "mine"})
    assert response.status_code == 500
    assert response.json() == {"error": "the server failed; its log has the cause under request_id mine"}
    assert "request failed" in caplog.text


async def test_a_draining_server_is_503(serving: Callable, held: Any) -> None:
    async with serving() as client:
        model = held.serve_in(client.app)
        await model.batcher.drain(0)
        response = await client.post(PATH, json=row(1))
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.json().keys() == {"error"}


async def test_who_leaves_takes_its_rows_along(
    serving: Callable, held: Any, sum_of: Callable, eventually: Callable
) -> None:
    async with serving() as client:
        model = held.serve_in(client.app)
        waiting = asyncio.create_task(client.post(PATH, json=row(1)))
        await asyncio.to_thread(held.started.wait, 20)
        left = asyncio.Event()
        messages = [{"type": "http.request", "body": json.dumps(row(9)).encode()}]

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            raise AssertionError(message)

        scope = {"type": "http", "method": "POST", "path": PATH, "query_string": b"", "headers": [], "root_path": ""}
        leaving = asyncio.create_task(client.app(scope, receive, send))
        await asyncio.to_thread(eventually, lambda: model.batcher.queued_rows == 1)
        left.set()
        await leaving
        assert model.batcher.queued_rows == 0
        held.release.set()
        await waiting
        text = (await client.get("/metrics")).text
    assert held.seen == [[1.0]]
    assert sum_of(text, "horngate_requests_total", model="held", code="499") == 1
