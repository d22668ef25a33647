"""Requests below `/v2` that end otherwise than with an answer: who leaves, and a server on its way out."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

HELD = b'{"inputs":[{"name":"value","shape":[1],"datatype":"FP32","data":[1]}]}'
ADDER = json.dumps(
    {
        "inputs": [
            {"name": "left", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]},
            {"name": "right", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]},
            {"name": "count", "shape": [1], "datatype": "INT32", "data": [1]},
        ]
    }
).encode()


async def call(app: Any, path: str, send: Any, *messages: dict[str, Any]) -> None:
    """One request straight to the application, whose client is silent after its messages."""
    left = list(messages)

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.Event().wait()
        return left.pop(0)

    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": [], "root_path": ""}
    await app(scope, receive, send)


def whole(body: bytes) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": False}


async def test_a_request_that_the_server_gives_up_on_its_way_out_is_told_so(serving: Callable, held: Any) -> None:
    async with serving() as client:
        held.serve_in(client.app)
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        task = asyncio.create_task(call(client.app, "/v2/models/held/infer", send, whole(HELD)))
        await asyncio.to_thread(held.started.wait, 20)
        task.cancel()
        await task
        held.release.set()
    assert sent[0]["status"] == 503
    assert (b"retry-after", b"1") in sent[0]["headers"]
    assert json.loads(sent[1]["body"])["error"].endswith("the server is shutting down")


async def test_an_answer_that_is_half_out_is_not_begun_again(serving: Callable) -> None:
    async with serving() as client:
        started, sent = asyncio.Event(), []

        async def stuck(message: dict[str, Any]) -> None:
            sent.append(message["type"])
            started.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(call(client.app, "/v2/models/adder/infer", stuck, whole(ADDER)))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert sent == ["http.response.start"]


async def test_a_failure_after_half_an_answer_breaks_the_connection(serving: Callable) -> None:
    async with serving() as client:

        async def broken(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.body":
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await call(client.app, "/v2/models/adder/infer", broken, whole(ADDER))


@pytest.mark.parametrize("path", ["/v2/models/adder/infer", "/v2/repository/index"])
async def test_a_client_that_leaves_while_it_sends_is_counted_under_499(
    serving: Callable, sum_of: Callable, path: str
) -> None:
    async with serving() as client:

        async def send(message: dict[str, Any]) -> None:
            del message

        parts = ({"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"})
        await call(client.app, path, send, *parts)
        text = (await client.get("/metrics")).text
    assert sum_of(text, "horngate_requests_total", code="499") == 1


async def test_a_failure_of_our_own_outside_inference_has_the_protocols_shape_too(
    serving: Callable, registry_of: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving() as client:
        registry_of(client.app).failures.append(None)
        response = await client.post("/v2/repository/index")
    assert response.status_code == 500
    assert response.json()["error"].endswith("the server failed; its log has the cause")
    assert "request failed" in caplog.text
