"""The live figures as a stream of server-sent events: one a second, made once for all who look on at this worker."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import asdict

from pydantic_core import to_json

from app.lifecycle.readiness import Readiness
from app.observability.live import read_figures
from app.observability.metrics import SECONDS, Metrics

PERIOD_SECONDS = 1.0
LONGEST_SECONDS = 600.0
"""So long a stream lasts at most; the browser then asks again, perhaps another worker."""


class LiveFeed:
    """The newest event, and the streams of it."""

    def __init__(self, metrics: Metrics, readiness: Readiness) -> None:
        self._metrics = metrics
        self._readiness = readiness
        self._event = b""
        self._made_at = -PERIOD_SECONDS

    async def stream(self) -> AsyncIterator[bytes]:
        """An event each second, until the server drains or the stream has lasted `LONGEST_SECONDS`."""
        end = time.monotonic() + LONGEST_SECONDS
        while True:
            yield await self.event()
            if self._readiness.is_draining or time.monotonic() >= end:
                return
            await asyncio.sleep(PERIOD_SECONDS)

    async def event(self) -> bytes:
        """The newest event; a new one is made where it is older than a second."""
        now = time.monotonic()
        if not self._event or now - self._made_at >= PERIOD_SECONDS:
            self._made_at = now  # who asks before it is made gets the last one
            self._metrics.flush()
            self._event = await asyncio.to_thread(self._make)
        return self._event

    def _make(self) -> bytes:
        """One event: when it was made, how the server is, and every model's figures."""
        models = {name: asdict(figures) for name, figures in sorted(read_figures(self._metrics.registry).items())}
        content = {"time": time.time(), "status": self._readiness.status(), "bounds": SECONDS, "models": models}
        return b"data: %b\n\n" % to_json(content)
