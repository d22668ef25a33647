"""One step in one process, from the first connection to the last answer."""

import asyncio
from collections.abc import Callable
from time import monotonic, process_time
from typing import Literal

from app.bench.arrivals import ClosedArrivals, OpenArrivals, due_times
from app.bench.engine import Engine
from app.bench.pacer import Pacer
from app.bench.request import Load
from app.bench.step import Step
from app.bench.tally import Counts, Tally, Window

PROGRESS_SECONDS = 0.2

Event = Literal["opened", "closed"] | int
"""What is told while a step runs: the window has opened or closed; so many requests have ended."""


class StepRun:
    """Runs one step; `report` hears of it while it runs."""

    def __init__(self, load: Load, step: Step, report: Callable[[Event], None], seed: int = 0) -> None:
        self._load = load
        self._step = step
        self._report = report
        self._seed = seed
        self._started = monotonic()
        self._window = Window(self._started + step.warmup_seconds, step.seconds)
        self._tally = Tally(self._window, load.rows, step.deadline_seconds)
        self._engine: Engine | None = None
        self._cpu_at_opening: float | None = None

    async def run(self) -> Counts:
        """Run it to its end and hand back what was counted; takes `step.longest_seconds` at most."""
        loop = asyncio.get_running_loop()
        edges = [
            loop.call_later(self._window.start - monotonic(), self._open),
            loop.call_later(self._window.end - monotonic(), self._close),
        ]
        progress = asyncio.create_task(self._tell_progress())
        try:
            await (self._run_closed() if self._step.rate is None else self._run_open(self._step.rate))
        finally:
            progress.cancel()
            for edge in edges:
                edge.cancel()
        self._close()
        self._tally.counts.seconds = self._window.seconds
        return self._tally.counts

    def stop(self) -> None:
        """End it now, with what was counted so far."""
        if self._engine is not None:
            self._engine.stop()
        self._close()

    async def _run_closed(self) -> None:
        """So many callers."""
        connections = self._step.connections
        await self._make_engine(ClosedArrivals(self._window), keep=connections).run()

    async def _run_open(self, rate: float) -> None:
        """So many requests per second."""
        arrivals = OpenArrivals(due_times(self._started, rate, self._step.spacing, self._seed), self._window)
        engine = self._make_engine(arrivals, keep=0)

        def send_due() -> None:
            next_due = arrivals.advance(monotonic())
            engine.dispatch()
            if next_due is not None:
                pacer.wake_at(next_due)

        pacer = Pacer(asyncio.get_running_loop(), send_due)
        pacer.open()
        try:
            pacer.wake_at(arrivals.next_due)
            await engine.run()
        finally:
            pacer.close()

    def _make_engine(self, arrivals: ClosedArrivals | OpenArrivals, keep: int) -> Engine:
        """The engine that `stop` reaches."""
        self._engine = Engine(
            self._load,
            arrivals,
            self._tally,
            self._window,
            keep=keep,
            limit=self._step.connections,
            timeout=self._step.timeout_seconds,
        )
        return self._engine

    def _open(self) -> None:
        """The warm-up is over."""
        self._cpu_at_opening = process_time()
        self._report("opened")

    def _close(self) -> None:
        """The window is over, once; what is still under way costs little."""
        if self._cpu_at_opening is not None:
            self._tally.counts.cpu_seconds = process_time() - self._cpu_at_opening
            self._cpu_at_opening = None
            self._report("closed")

    async def _tell_progress(self) -> None:
        """Say now and then how many requests have ended."""
        while True:
            await asyncio.sleep(PROGRESS_SECONDS)
            self._report(self._tally.ended)
