"""The live figures as a stream of server-sent events: one a second, made once for all who look on at this worker."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from time import monotonic, time

from pydantic_core import to_json

from app.lifecycle.readiness import Readiness
from app.observability.live import read_figures
from app.observability.metrics import SECONDS, Metrics

PERIOD_SECONDS = 1.0
LONGEST_SECONDS = 600.0
"""So long a stream lasts at most; the browser then asks again, perhaps another worker."""


class LiveFeed:
    """The newest event, and the streams of it, which all get the next one in the same turn of the event loop."""

    def __init__(self, metrics: Metrics, readiness: Readiness) -> None:
        self._metrics = metrics
        self._readiness = readiness
        self._event = b""
        self._made_at = -PERIOD_SECONDS
        self._next: asyncio.Task[bytes] | None = None

    async def stream(self) -> AsyncIterator[bytes]:
        """The newest event and then one each second, until the server drains or `LONGEST_SECONDS` have passed."""
        end = monotonic() + LONGEST_SECONDS
        yield await self.event()
        while not self._readiness.is_draining and monotonic() < end:
            if self._next is None or self._next.done():
                self._next = asyncio.get_running_loop().create_task(self._after_a_period())
            yield await asyncio.shield(self._next)  # a client that leaves takes nothing from the others

    async def event(self) -> bytes:
        """The newest event; a new one is made where it is older than a second."""
        now = monotonic()
        if not self._event or now - self._made_at >= PERIOD_SECONDS:
            self._made_at = now  # who asks before it is made gets the last one
            await self._make()
        return self._event

    async def _after_a_period(self) -> bytes:
        """The event that comes next."""
        await asyncio.sleep(PERIOD_SECONDS)
        self._made_at = monotonic()
        await self._make()
        return self._event

    async def _make(self) -> None:
        """Make an event: when that was, how the server is, and every model's figures."""
        self._metrics.flush()
        figures = await asyncio.to_thread(read_figures, self._metrics.registry)
        models = {name: asdict(model) for name, model in sorted(figures.items())}
        content = {"time": time(), "status": self._readiness.status(), "bounds": SECONDS, "models": models}
        self._event = b"data: %b\n\n" % to_json(content)
