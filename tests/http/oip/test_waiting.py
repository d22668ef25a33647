"""Inference that cannot be answered at once: deadlines, a full queue, a client that leaves, a server that ends."""

import asyncio
import dataclasses
from collections.abc import Callable
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/v2/models/held/infer"


def row(value: float, **parameters: object) -> dict:
    given = {"name": "value", "shape": [1], "datatype": "FP32", "data": [value]}
    return {"inputs": [given], "parameters": parameters}


@pytest.mark.parametrize(
    "asking",
    [
        {"json": row(2, timeout=40_000)},
        {"json": row(2), "headers": {"X-Request-Timeout-Ms": "40"}},
        {"json": row(2, timeout=60_000_000), "headers": {"X-Request-Timeout-Ms": "40"}},
    ],
)
async def test_a_request_waits_no_longer_than_it_says(serving: Callable, held: Any, asking: dict) -> None:
    async with serving() as client:
        held.serve_in(client.app)
        waiting = asyncio.create_task(client.post(PATH, json=row(1)))
        await asyncio.to_thread(held.started.wait, 20)
        response = await client.post(PATH, **asking)
        held.release.set()
        assert (await waiting).status_code == 200
    assert response.status_code == 504
    assert "in the queue" in response.json()["error"]
    assert held.seen == [[1.0]]


async def test_a_full_queue_is_429_with_the_time_to_come_back_and_the_highest_class_still_gets_in(
    serving: Callable, held: Any, eventually: Callable
) -> None:
    async with serving() as client:
        model = held.serve_in(client.app, max_queue_rows=2)
        tasks = [asyncio.create_task(client.post(PATH, json=row(0, priority=2)))]
        await asyncio.to_thread(held.started.wait, 20)
        tasks += [asyncio.create_task(client.post(PATH, json=row(value, priority=3))) for value in (1, 2)]
        await asyncio.to_thread(eventually, lambda: model.batcher.queued_rows == 2)
        refused = await client.post(PATH, json=row(3, priority=3))
        urgent = asyncio.create_task(client.post(PATH, json=row(4, priority=1)))
        displaced, _ = await asyncio.wait(tasks[1:], return_when=asyncio.FIRST_COMPLETED)
        held.release.set()
        await asyncio.gather(*tasks)
        assert (await urgent).status_code == 200
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json().keys() == {"error"}
    assert [task.result().status_code for task in displaced] == [429]


async def test_a_failing_model_is_500_in_the_protocols_shape(serving: Callable, held: Any) -> None:
    held.answer = lambda tensors: {}
    async with serving() as client:
        held.serve_in(client.app)
        response = await client.post(PATH, json=row(1))
    assert response.status_code == 500
    assert "expected an output 'value'" in response.json()["error"]


async def test_a_failure_of_our_own_is_500_and_tells_only_where_to_look(
    serving: Callable, held: Any, registry_of: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    held.release.set()
    async with serving() as client:
        model = held.serve_in(client.app)
        registry_of(client.app).add("held", [dataclasses.replace(model, manifest=None)], 1, {})
        async with httpx.AsyncClient(transport=httpx.ASGITransport(client.app), base_url="http://test") as plain:
            response = await plain.post(PATH, json={**row(1), "id": "mine"})
    assert response.status_code == 500
    assert response.json() == {"error": "[request id mine] the server failed; its log has the cause"}
    assert "request failed" in caplog.text


async def test_a_draining_server_is_503(serving: Callable, held: Any) -> None:
    async with serving() as client:
        model = held.serve_in(client.app)
        await model.batcher.drain(0)
        response = await client.post(PATH, json=row(1))
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert response.json().keys() == {"error"}


async def test_who_leaves_takes_its_rows_along(
    serving: Callable, held: Any, sum_of: Callable, eventually: Callable
) -> None:
    async with serving() as client:
        model = held.serve_in(client.app)
        waiting = asyncio.create_task(client.post(PATH, json=row(1)))
        await asyncio.to_thread(held.started.wait, 20)
        left = asyncio.Event()
        scope = {
            "type": "http",
            "method": "POST",
            "path": PATH,
            "query_string": b"",
            "headers": [],
            "root_path": "",
        }
        messages = [
            {"type": "http.request", "body": b'{"inputs":[{"name":"value","shape":[1],"datatype":"FP32","data":[9]}]}'}
        ]

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            raise AssertionError(message)

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
