"""When batches run: a free instance takes whatever waits, at once; rows gather only while all instances are busy."""

import asyncio
from functools import partial
from time import perf_counter

from app.errors import HorngateError, NotReady, QueueFull
from app.inference.isolation import Outcome, run_isolated
from app.inference.pool import Pool
from app.inference.queue import BatchResult, Job, RowQueue, Slice
from app.types import ModelObserver, Signature, Tensors

RATE_SMOOTHING = 0.2
"""Weight of the newest batch in the moving average of the drain rate."""


class Batcher:
    """Joins callers' rows into batches; every caller gets exactly one answer, and every wait ends.

    Belongs to one event loop. Past `max_queue_rows` it refuses at once.
    """

    def __init__(
        self, pool: Pool, signature: Signature, observer: ModelObserver, *, max_batch_rows: int, max_queue_rows: int
    ) -> None:
        self.max_batch_rows = max_batch_rows
        self._pool = pool
        self._signature = signature
        self._observer = observer
        self._max_queue_rows = max_queue_rows
        self._queue = RowQueue()
        self._running: set[Job] = set()
        self._is_scheduled = False
        self._is_closed = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._rows_per_second = 0.0

    @property
    def queued_rows(self) -> int:
        """Rows that wait for an instance."""
        return self._queue.rows

    async def run(self, tensors: Tensors, timeout_seconds: float) -> BatchResult:
        """Run the rows (one or many) and return their outputs, in order.

        Raises `QueueFull`, `DeadlineExceeded`, `NotReady` (closed) or what the model's failure became. A caller that is
        cancelled takes its waiting rows with it.
        """
        loop = asyncio.get_running_loop()
        job = Job(tensors, loop.create_future(), perf_counter(), timeout_seconds)
        self._admit(job)
        deadline = loop.call_later(timeout_seconds, job.expire)
        try:
            return await job.future
        finally:
            deadline.cancel()
            if job.waiting_rows:
                self._queue.discard(job)
                self._observer.queue_changed(self._queue.rows)
                self._settle_idle()

    def retry_after_seconds(self) -> float:
        """How long the rows that wait now will take, from the measured drain rate; 1 s before anything was measured."""
        if not self._rows_per_second:
            return 1.0
        return self._queue.rows / self._rows_per_second

    async def drain(self, timeout_seconds: float) -> None:
        """Take no more, let what was taken finish for so long, and refuse what is left then."""
        self._is_closed = True
        try:
            await asyncio.wait_for(self._idle.wait(), timeout_seconds)
        except TimeoutError:
            for job in (*self._queue.drain(), *self._running):
                job.fail(NotReady("the server is shutting down", retry_after_seconds=1.0))
            self._observer.queue_changed(0)

    def _admit(self, job: Job) -> None:
        """Queue the job, or refuse it at once."""
        if self._is_closed:
            raise NotReady("the server is shutting down", retry_after_seconds=1.0)
        if self._queue.rows and self._queue.rows + job.rows > self._max_queue_rows:
            raise QueueFull(
                f"{self._queue.rows} rows wait already, of {self._max_queue_rows} that may; retry later",
                self.retry_after_seconds(),
            )
        self._queue.push(job)
        self._idle.clear()
        self._observer.queue_changed(self._queue.rows)
        self._schedule()

    def _schedule(self) -> None:
        """Look at the queue once the requests that this turn of the loop brings have all been queued."""
        if not self._is_scheduled and self._pool.idle and self._queue.rows:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._dispatch)

    def _dispatch(self) -> None:
        """Give every free instance a batch; inline one only, so that the loop can read sockets in between."""
        self._is_scheduled = False
        now = perf_counter()
        while self._pool.idle and (batch := self._queue.take(self.max_batch_rows, now)):
            self._running.update(item.job for item in batch)
            parts = [item.tensors() for item in batch]
            work = partial(run_isolated, signature=self._signature, parts=parts)
            self._pool.start(work, partial(self._finished, batch, now))
            if self._pool.inline:
                break
        self._observer.queue_changed(self._queue.rows)
        self._schedule()
        self._settle_idle()

    def _finished(self, batch: list[Slice], started: float, outcomes: list[Outcome]) -> None:
        """Hand each caller its part, and look at the queue again."""
        now = perf_counter()
        for item, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, HorngateError):
                item.job.fail(outcome)
            else:
                item.job.accept(item.start, outcome, now)
            if item.job.future.done():
                self._running.discard(item.job)
        rows = sum(item.stop - item.start for item in batch)
        self._measure(rows, now - started)
        self._observer.batch_ran(rows)
        self._schedule()
        self._settle_idle()

    def _measure(self, rows: int, seconds: float) -> None:
        """Keep the drain rate of all instances together."""
        rate = self._pool.instances * rows / max(seconds, 1e-6)
        weight = RATE_SMOOTHING if self._rows_per_second else 1.0
        self._rows_per_second += weight * (rate - self._rows_per_second)

    def _settle_idle(self) -> None:
        """Wake whoever waits for the end when nothing is left to do."""
        if not self._queue.rows and self._pool.idle == self._pool.instances:
            self._running.clear()
            self._idle.set()
