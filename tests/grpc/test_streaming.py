"""Streams: side by side, in order, bounded, and ended by either side."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.errors import NotReady
from app.grpc.streaming import MAX_UNDER_WAY, OpenStreams


class Answers:
    """Answers wait until they are let go, and remember what became of them."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.cancelled: list[int] = []
        self.gate = asyncio.Event()

    async def __call__(self, number: int) -> int:
        self.begun.append(number)
        try:
            await self.gate.wait()
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise
        return -number


async def _numbers(count: int, *, stays_open: bool = False, error: Exception | None = None) -> AsyncIterator[int]:
    for number in range(count):
        yield number
    if error is not None:
        raise error
    if stays_open:
        await asyncio.Event().wait()


async def _settled() -> None:
    for _ in range(5 * MAX_UNDER_WAY):
        await asyncio.sleep(0)


async def test_answers_come_in_the_order_of_the_requests_which_run_side_by_side() -> None:
    answers, streams = Answers(), OpenStreams()
    stream = streams.in_order(_numbers(3), answers)
    first = asyncio.ensure_future(anext(stream))
    await _settled()
    assert answers.begun == [0, 1, 2]
    answers.gate.set()
    assert [await first, *[answer async for answer in stream]] == [0, -1, -2]


async def test_no_more_than_so_many_are_under_way() -> None:
    answers = Answers()
    stream = OpenStreams().in_order(_numbers(2 * MAX_UNDER_WAY), answers)
    first = asyncio.ensure_future(anext(stream))
    await _settled()
    assert len(answers.begun) == MAX_UNDER_WAY
    answers.gate.set()
    await first
    assert len([answer async for answer in stream]) == 2 * MAX_UNDER_WAY - 1
    assert answers.cancelled == []


async def test_a_caller_that_leaves_takes_its_requests_along() -> None:
    answers = Answers()
    stream = OpenStreams().in_order(_numbers(3, stays_open=True), answers)
    first = asyncio.ensure_future(anext(stream))
    await _settled()
    first.cancel()
    await _settled()
    assert first.cancelled()
    assert sorted(answers.cancelled) == [0, 1, 2]


async def test_closing_reads_no_more_but_answers_what_was_read() -> None:
    answers, streams = Answers(), OpenStreams()
    stream = streams.in_order(_numbers(2, stays_open=True), answers)
    first = asyncio.ensure_future(anext(stream))
    await _settled()
    streams.close()
    answers.gate.set()
    assert [await first, await anext(stream)] == [0, -1]
    with pytest.raises(NotReady, match="shutting down"):
        await anext(stream)
    with pytest.raises(NotReady, match="shutting down"):
        await anext(streams.in_order(_numbers(2, stays_open=True), answers))


async def test_requests_that_end_with_an_error_end_the_stream_with_it() -> None:
    answers = Answers()
    answers.gate.set()
    stream = OpenStreams().in_order(_numbers(1, error=ValueError("torn")), answers)
    assert await anext(stream) == 0
    with pytest.raises(ValueError, match="torn"):
        await anext(stream)
