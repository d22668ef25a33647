"""Around every request: an id, a count, a line in the log, and a last net."""

import asyncio
import json
import logging
import re
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from starlette.responses import PlainTextResponse

from app.http.middleware import ObservingMiddleware
from app.http.observation import RequestObserver
from app.http.pacing import DELAY_SECONDS, RefusalPacing
from app.observability.logging import JsonFormatter
from app.observability.metrics import Metrics

pytestmark = pytest.mark.asyncio(loop_scope="module")

Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
SumOf = Callable[..., float]


async def test_a_request_id_is_echoed(client: httpx.AsyncClient) -> None:
    for path in ("/health", "/predict/sentiment", "/nope"):
        response = await client.post(path, headers={"X-Request-ID": "trace-7/ü".encode("ascii", "ignore").decode()})
        assert response.headers["x-request-id"] == "trace-7/"
        assert response.json()["request_id"] == "trace-7/"


@pytest.mark.parametrize("given", [None, b"", b"a b", b"a\tb", "数".encode(), b"x" * 129])
async def test_a_request_id_is_made_where_there_is_none_or_an_unfit_one(
    client: httpx.AsyncClient, given: bytes | None
) -> None:
    headers = {} if given is None else {b"x-request-id": given}
    made = [(await client.get("/health/live", headers=headers)).headers["x-request-id"] for _ in range(2)]
    assert all(re.fullmatch("[0-9a-f]{24}", value) for value in made)
    assert made[0] != made[1]


async def test_requests_are_counted_and_timed_by_route_and_code(serving: Serving, sum_of: SumOf) -> None:
    async with serving() as client:
        for content in (b'{"text": "good"}', b'{"text": "bad"}', b"{}"):
            await client.post("/predict/sentiment", content=content)
        await client.get("/models/sentiment")
        await client.get("/models/unknown")
        text = (await client.get("/metrics")).text
    count = "horngate_requests_total"
    predicted = {"route": "/predict/{model}", "model": "sentiment", "version": "1"}
    assert sum_of(text, count, **predicted, code="200") == 2
    assert sum_of(text, count, **predicted, code="422") == 1
    assert sum_of(text, count, route="/models/{name}", model="", code="200") == 1
    assert sum_of(text, count, route="/models/{name}", model="", code="404") == 1
    assert sum_of(text, "horngate_request_seconds_count", route="/predict/{model}") == 3
    assert sum_of(text, "horngate_predictions_total", model="sentiment", version="1", label="positive") == 1
    assert sum_of(text, "horngate_stage_seconds_count", model="sentiment", version="1", stage="infer") == 2


async def test_unknown_urls_and_model_names_add_no_series(serving: Serving, status_of: Callable[..., Any]) -> None:
    def series(text: str) -> set[tuple[str, ...]]:
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return {(sample.name, *sorted(sample.labels.items())) for sample in samples}

    async def scan(client: httpx.AsyncClient, times: int) -> None:
        for number in range(times):
            name = secrets.token_urlsafe(8)
            method, path, query = [
                ("GET", f"/{name}", ""),
                ("POST", f"/predict/{name}", ""),
                ("GET", f"/models/{name}", ""),
                ("PUT", f"/health/{name}", name),
                ("POST", "/predict/sentiment", f"label={name}"),
            ][number % 5]
            assert await status_of(client.app, method, path, query.encode()) == 404

    async with serving(access_log=False) as client:
        await scan(client, 5)
        await client.get("/metrics")
        before = series((await client.get("/metrics")).text)
        await scan(client, 10_000)
        assert series((await client.get("/metrics")).text) == before


@pytest.fixture
def lines(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], lines_of: Callable[[str], list[dict[str, Any]]]
) -> Callable[[], list[dict[str, Any]]]:
    """What the log says: the production formatter's lines, then those of the access log."""
    caplog.set_level(logging.INFO)
    formatter = JsonFormatter()

    def read() -> list[dict[str, Any]]:
        records = [record for record in caplog.records if not record.name.startswith("http")]
        access = [line for line in lines_of(capfd.readouterr().err) if line["logger"] == "app.access"]
        return [*(json.loads(formatter.format(record)) for record in records), *access]

    return read


async def test_the_log_has_a_line_for_each_request_and_nothing_that_was_sent(
    serving: Serving, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    async with serving() as client:
        for body in ({"text": "secret good"}, {"text": "", "secret": 1}, {"texts": ["secret"] * 2000}):
            await client.post("/predict/sentiment?secret=1", json=body, headers={"X-Request-ID": "r-1"})
        await client.post("/secret", content=b"secret", headers={"X-Secret": "secret"})
        await client.post("/predict/secret", content=b"secret")
    written = lines()
    requests = [line for line in written if line["logger"] == "app.access"]
    first = requests[0]
    assert first.pop("milliseconds") > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first.pop("time"))
    assert first == {
        "level": "info",
        "logger": "app.access",
        "message": "request",
        "request_id": "r-1",
        "method": "POST",
        "route": "/predict/{model}",
        "status": 200,
        "model": "sentiment/1",
    }
    assert [line["status"] for line in requests] == [200, 422, 413, 404, 404]
    assert [line["route"] for line in requests[3:]] == ["unmatched", "/predict/{model}"]
    assert "secret" not in json.dumps(written)


async def test_the_access_log_can_be_switched_off(serving: Serving, lines: Callable[[], list[dict[str, Any]]]) -> None:
    async with serving(access_log=False) as client:
        await client.get("/health")
    assert not [line for line in lines() if line["logger"] == "app.access"]


async def test_a_failure_of_our_own_is_a_problem_that_tells_only_where_to_look(
    serving: Serving, lines: Callable[[], list[dict[str, Any]]], sum_of: SumOf
) -> None:
    async with serving() as client:

        @client.app.get("/broken", include_in_schema=False)
        async def broken() -> None:
            raise ZeroDivisionError("inner secret")

        response = await client.get("/broken", headers={"X-Request-ID": "r-2"})
        assert response.status_code == 500
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["detail"] == "the server failed; its log has the cause under request_id r-2"
        assert response.headers["x-request-id"] == "r-2"
        assert "secret" not in response.text
        assert (await client.post("/predict/sentiment", json={"text": "good"})).status_code == 200
        text = (await client.get("/metrics")).text
        assert sum_of(text, "horngate_requests_total", route="/broken", code="500") == 1
    (failure,) = [line for line in lines() if line["message"] == "request failed"]
    assert failure["request_id"] == "r-2"
    assert "ZeroDivisionError: inner secret" in failure["exception"]


async def test_a_failure_after_half_an_answer_breaks_the_connection(serving: Serving) -> None:
    async with serving() as client:

        async def half(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            raise ZeroDivisionError

        client.app.mount("/half", half)
        with pytest.raises(ZeroDivisionError):
            await client.get("/half/way")


async def test_what_is_not_http_passes_through(client: httpx.AsyncClient) -> None:
    sent = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["type"])

    await client.app({"type": "websocket", "path": "/", "headers": [], "subprotocols": []}, receive, send)
    assert sent == ["websocket.close"]


async def test_refusals_are_paced_whoever_sends_them() -> None:
    pacing = RefusalPacing(clock=lambda: 0.0)
    while not pacing.delay_seconds():
        pass
    observer = RequestObserver(Metrics(CollectorRegistry()), None)
    began = asyncio.get_running_loop().time()
    app = ObservingMiddleware(PlainTextResponse("later", 429), observer, pacing)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://h") as client:
        response = await client.get("/")
    assert (response.status_code, response.text) == (429, "later")
    assert asyncio.get_running_loop().time() - began >= DELAY_SECONDS
