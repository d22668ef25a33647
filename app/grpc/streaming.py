"""Requests of a stream that run side by side and are answered in their order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from app.errors import NotReady

Request = TypeVar("Request")
Answer = TypeVar("Answer")

MAX_UNDER_WAY = 16
"""Requests of one stream that run at once; the next is read when the first of them is answered."""


class OpenStreams:
    """The streams whose callers may send more: they stay open for as long as the callers like, or until `close`."""

    def __init__(self) -> None:
        self._readers: set[asyncio.Future[None]] = set()
        self._is_closing = False

    def close(self) -> None:
        """Read no more requests; those that are under way are answered."""
        self._is_closing = True
        for reader in self._readers:
            reader.cancel()

    async def in_order(
        self, requests: AsyncIterator[Request], answer: Callable[[Request], Awaitable[Answer]]
    ) -> AsyncIterator[Answer]:
        """The answer to each request, in the order of the requests.

        What is under way is cancelled when nobody wants the answers any more. Raises what the requests end with, and
        `NotReady` where `close` ended them.
        """
        started: asyncio.Queue[asyncio.Future[Answer] | None] = asyncio.Queue()
        slots = asyncio.Semaphore(MAX_UNDER_WAY)
        under_way: set[asyncio.Future[Answer]] = set()

        async def read() -> None:
            await slots.acquire()
            async for request in requests:
                future = asyncio.ensure_future(answer(request))
                under_way.add(future)
                started.put_nowait(future)
                await slots.acquire()

        reader = asyncio.ensure_future(read())
        reader.add_done_callback(lambda _: started.put_nowait(None))
        self._readers.add(reader)
        if self._is_closing:
            reader.cancel()
        try:
            while (future := await started.get()) is not None:
                yield await future
                under_way.discard(future)
                slots.release()
            await _ended(reader)
        finally:
            self._readers.discard(reader)
            reader.cancel()
            for future in under_way:
                future.cancel()


async def _ended(reader: "asyncio.Future[None]") -> None:
    """Wait for the end of a reader; raises what it ended with."""
    await asyncio.wait({reader})
    if reader.cancelled():
        raise NotReady("the server is shutting down", retry_after_seconds=1.0)
    reader.result()
