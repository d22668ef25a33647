"""A client that leaves: its request is given up, so that its rows are dropped before they run."""

import asyncio
from types import TracebackType
from typing import cast

from starlette.types import Receive

WATCH_AFTER_SECONDS = 0.005
"""Most answers are out before this; only for the others a second task is worth its cost."""


class Departure:
    """While open, cancels the task that opened it once the client disconnects; `has_left` tells that from others."""

    def __init__(self, receive: Receive) -> None:
        self.has_left = False
        self._receive = receive
        self._timer: asyncio.TimerHandle
        self._watch: asyncio.Task[None] | None = None

    def __enter__(self) -> "Departure":
        task = cast("asyncio.Task[None]", asyncio.current_task())  # a coroutine always runs in one
        self._timer = asyncio.get_running_loop().call_later(WATCH_AFTER_SECONDS, self._start, task)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._watch is not None:
            self._watch.cancel()

    def _start(self, task: asyncio.Task[None]) -> None:
        """The answer takes a while: listen for the client."""
        self._watch = asyncio.get_running_loop().create_task(self._wait(task))

    async def _wait(self, task: asyncio.Task[None]) -> None:
        """Wait for the end of the connection."""
        while (await self._receive())["type"] != "http.disconnect":
            continue
        self.has_left = True
        task.cancel()
