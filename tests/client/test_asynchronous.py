"""`AsyncHorngate` against the application in this process: overload, draining and deadlines too."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.client import (
    AsyncHorngate,
    Classification,
    DeadlineExceeded,
    NotFound,
    RequestRefused,
    RetryLater,
    ServerFailed,
    ServerUnreachable,
)

GOOD, BAD = "good film", "bad film"


class Waits(list[float]):
    """What is waited for, without waiting; `then` is what happens meanwhile."""

    def __init__(self, then: Callable[[], Any] | None = None) -> None:
        self.then = then

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        if self.then is not None:
            await self.then()


async def test_texts_pictures_and_tensors_are_asked_one_or_many(serving: Any, asking: Any, photo: Any) -> None:
    async with serving() as app, asking(app) as client:
        one = await client.sentiment(GOOD)
        assert isinstance(one, Classification)
        assert (one.label, one.model, one.version) == ("positive", "sentiment", 1)
        assert [answer.label for answer in await client.sentiment([GOOD, BAD])] == ["positive", "negative"]
        assert (await client.topic("oil", version=1)).label == "Business"
        assert (await client.digit(photo)).digit == 1
        assert [row.outputs for row in await client.predict("adder", adder_inputs())] == [
            {"sum": [4.0, 6.0], "tripled": 15}
        ]
        assert (await client.predict("topic", "goal")).label == "Sports"


def adder_inputs() -> dict[str, list[Any]]:
    return {"left": [[1, 2]], "right": [[3, 4]], "count": [5]}


async def test_what_is_served_is_told(serving: Any, asking: Any) -> None:
    async with serving() as app, asking(app) as client:
        assert [model.name for model in await client.models()] == ["adder", "digit", "sentiment", "topic"]
        assert (await client.model("adder")).details[0].outputs[1].name == "tripled"
        assert (await client.health()).status == "ready"
        assert await client.ready()


async def occupied(client: AsyncHorngate, held: Any, model: Any, eventually: Any) -> asyncio.Future[Any]:
    """Two requests: one runs and waits, one fills the queue."""
    first = asyncio.create_task(client.predict("held", [1.0]))
    await asyncio.to_thread(held.started.wait, 20)
    second = asyncio.create_task(client.predict("held", [2.0]))
    await asyncio.to_thread(eventually, lambda: model.batcher.queued_rows)
    return asyncio.gather(first, second)


async def test_a_full_queue_is_asked_again_after_the_time_that_it_says(
    serving: Any, asking: Any, held: Any, eventually: Any
) -> None:
    async with serving() as app, asking(app) as others:
        model = held.serve_in(app, max_queue_rows=1)
        two = await occupied(others, held, model, eventually)

        async def let_go() -> None:
            held.release.set()
            await two

        waits = Waits(let_go)
        async with asking(app, sleep=waits) as client:
            assert (await client.predict("held", [3.0]))[0].outputs == {"value": 3.0}
    assert len(waits) == 1
    assert 1 <= waits[0] <= 1.1


async def test_an_overload_that_lasts_is_told_once_the_retries_are_used_up(
    serving: Any, asking: Any, held: Any, eventually: Any
) -> None:
    async with serving() as app, asking(app) as others:
        two = await occupied(others, held, held.serve_in(app, max_queue_rows=1), eventually)
        async with asking(app, retries=2, sleep=(waits := Waits())) as client:
            with pytest.raises(RetryLater) as caught:
                await client.predict("held", [3.0])
        held.release.set()
        await two
    assert (caught.value.status, caught.value.code, caught.value.retry_after_seconds) == (429, "queue_full", 1.0)
    assert caught.value.request_id
    assert len(waits) == 2


async def test_a_server_that_drains_asks_to_come_back(serving: Any, asking: Any, drain: Any) -> None:
    async with serving() as app, asking(app, retries=0) as client:
        await drain(app, "sentiment")
        with pytest.raises(RetryLater, match="shutting down") as caught:
            await client.sentiment(GOOD)
    assert (caught.value.status, caught.value.code, caught.value.retry_after_seconds) == (503, "not_ready", 1.0)


class Address(httpx.AsyncBaseTransport):
    """One address behind which one application follows another, or connections break."""

    def __init__(self, app: Any, broken: int = 0) -> None:
        self.app = app
        self.broken = broken
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.broken:
            self.broken -= 1
            raise httpx.ReadError("the connection broke")
        return await httpx.ASGITransport(self.app).handle_async_request(request)


class Hurried(Address):
    """Tells the server to be ready within a millisecond."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["X-Request-Timeout-Ms"] = "1"
        return await super().handle_async_request(request)


async def test_the_servers_own_deadline_is_the_same_error(serving: Any, asking: Any, held: Any) -> None:
    async with serving() as app, asking(None, transport=Hurried(app)) as client:
        held.serve_in(app, max_queue_rows=4)
        with pytest.raises(DeadlineExceeded) as caught:
            await client.predict("held", [1.0])
        held.release.set()
    assert (caught.value.status, caught.value.code) == (504, "deadline_exceeded")


async def test_a_rolling_restart_is_not_noticed(serving: Any, asking: Any, drain: Any) -> None:
    async with serving() as old, serving() as new:
        address = Address(old)

        async def restart() -> None:
            address.app = new

        await drain(old, "sentiment")
        waits = Waits(restart)
        async with asking(None, transport=address, sleep=waits) as client:
            assert [answer.label async for answer in client.map("sentiment", [GOOD])] == ["positive"]
    assert [request.method for request in address.requests] == ["GET", "POST", "POST"]
    assert len(waits) == 1


async def test_a_broken_connection_is_made_again_and_the_server_hears_how_long_is_left(
    serving: Any, asking: Any
) -> None:
    async with serving() as app:
        address = Address(app, broken=2)
        options = {"transport": address, "sleep": (waits := Waits()), "timeout": 20, "priority": "low"}
        async with asking(None, **options, headers={"X-API-Key": "k"}) as client:
            assert (await client.sentiment(GOOD)).label == "positive"
    assert len(waits) == 2
    assert 0 <= waits[0] <= 0.1
    assert 0 <= waits[1] <= 0.2
    left = [int(request.headers["X-Request-Timeout-Ms"]) for request in address.requests]
    assert 20_000 >= left[0] >= left[1] >= left[2] > 0
    assert {(request.headers["X-Priority"], request.headers["X-API-Key"]) for request in address.requests} == {
        ("low", "k")
    }


async def test_connections_that_break_each_time_are_told(serving: Any, asking: Any) -> None:
    address = Address(None, broken=9)
    async with asking(None, transport=address, sleep=Waits()) as client:
        with pytest.raises(ServerUnreachable, match="the connection broke"):
            await client.models()
        assert len(address.requests) == 4
        assert not await client.ready()
    assert len(address.requests) == 5


async def test_map_keeps_the_order_and_puts_the_error_of_a_wrong_row_in_its_place(serving: Any, asking: Any) -> None:
    texts = [GOOD, "", BAD, GOOD, None, BAD, "   "]
    async with serving() as app, asking(app) as client:
        found = [item async for item in client.map("sentiment", texts, batch=4, concurrency=2)]
        labels = [item.label if isinstance(item, Classification) else type(item) for item in found]
        wrong = RequestRefused
        assert labels == ["positive", wrong, "negative", "positive", wrong, "negative", wrong]
        assert found[1].errors[0].pointer == "/texts/0"
        with pytest.raises(RequestRefused):
            [item async for item in client.map("sentiment", texts, errors="raise")]


async def test_map_reads_an_asynchronous_stream_no_further_than_it_must(serving: Any, asking: Any) -> None:
    read = []

    async def endless() -> AsyncIterator[str]:
        while True:
            read.append(GOOD)
            yield GOOD

    async with serving() as app, asking(app) as client:
        results = client.map("sentiment", endless(), batch=2, concurrency=3)
        assert (await anext(results)).label == "positive"
        await results.aclose()
    assert len(read) == 6


@pytest.mark.parametrize("batch", [2, 3])
async def test_the_last_batch_of_a_stream_may_be_short(serving: Any, asking: Any, batch: int) -> None:
    async def three() -> AsyncIterator[str]:
        for text in (GOOD, BAD, GOOD):
            yield text

    async with serving() as app, asking(app) as client:
        found = [item.label async for item in client.map("sentiment", three(), batch=batch)]
    assert found == ["positive", "negative", "positive"]


async def test_an_error_that_is_no_rows_own_ends_map(serving: Any, asking: Any) -> None:
    async with serving() as app, asking(app) as client:
        with pytest.raises(NotFound, match="sentiment"):
            [item async for item in client.map("sentimnt", [GOOD])]


async def test_a_batch_that_is_too_large_for_the_server_goes_in_parts(serving: Any, asking: Any) -> None:
    texts = [f"{'x' * 200} {GOOD}"] * 15 + ["x" * 2000]
    async with serving(max_body_bytes=1024) as app, asking(app) as client:
        *fitting, large = [item async for item in client.map("sentiment", texts)]
    assert [item.label for item in fitting] == ["positive"] * 15
    assert (type(large), large.status) == (RequestRefused, 413)


async def test_a_server_that_drains_ends_map(serving: Any, asking: Any, drain: Any) -> None:
    async with serving() as app, asking(app, retries=0) as client:
        await drain(app, "sentiment")
        with pytest.raises(RetryLater):
            [item async for item in client.map("sentiment", [GOOD])]


async def test_a_row_that_the_model_fails_on_harms_no_other(serving: Any, asking: Any, held: Any) -> None:
    async with serving() as app, asking(app) as client:
        held.serve_in(app, max_queue_rows=4)
        held.release.set()
        first, failed, last = [item async for item in client.map("held", [1, -1, 2])]
    assert (first.outputs, last.outputs) == ({"value": 1.0}, {"value": 2.0})
    assert (type(failed), failed.code) == (ServerFailed, "inference_failed")


async def test_labels_of_a_tensor_model_come_with_its_rows(serving: Any, asking: Any, simple_models: Path) -> None:
    async with serving(simple_models) as app, asking(app) as client:
        (row,) = await client.predict("scores", [[0.1, 0.7, 0.2]])
    assert (row.label, round(row.score, 3)) == ("dog", 0.7)
    assert set(row.probabilities) == {"cat", "dog", "eel"}
