"""When batches run: a free instance takes whatever waits, at once; rows gather only while all instances are busy."""

import asyncio
import math
from collections.abc import Callable
from functools import partial
from time import perf_counter

from app.errors import HorngateError, NotReady, QueueFull
from app.inference.isolation import Outcome, run_isolated
from app.inference.job import BatchResult, Done, Job
from app.inference.overload import Overload
from app.inference.pool import Pool
from app.inference.queue import Batch, RowQueue
from app.inference.sizing import Sizing
from app.types import ModelObserver, Priority, Rows, Signature, rows_of

DEADLINE_STEP_SECONDS = 0.002
"""Deadlines that pass while rows wait or run are looked at no more often than this."""


class Batcher:
    """Joins callers' rows into batches; every caller gets exactly one answer, and every wait ends.

    Belongs to one event loop. Past `max_queue_rows`, or less once an overload lasts, it refuses at once: the lowest
    class first. `sizing` says how large batches are and which run on the event loop; `clock` gives seconds that only
    rise.
    """

    def __init__(
        self,
        pool: Pool,
        signature: Signature,
        observer: ModelObserver,
        *,
        sizing: Sizing,
        max_queue_rows: int,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self.max_batch_rows = sizing.batch_rows
        self._pool = pool
        self._signature = signature
        self._observer = observer
        self._clock = clock
        self._max_queue_rows = max_queue_rows
        self._overload = Overload(sizing.batch_rows * pool.instances, inline=sizing.runs_inline)
        self._queue = RowQueue(sizing)
        self._open: set[Job] = set()
        self._is_scheduled = False
        self._is_closed = False
        self._idle = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = math.inf

    @property
    def queued_rows(self) -> int:
        """Rows that wait for an instance."""
        return self._queue.rows

    def submit(self, rows: Rows, timeout_seconds: float, priority: Priority, done: Done) -> Job:
        """Queue the rows (one or many); `done` gets their outputs in the caller's order, or the error.

        `done` is called once, on the event loop, after this has returned: with a `BatchResult`, `DeadlineExceeded`,
        `QueueFull` (displaced by a higher class), `NotReady` (closed meanwhile) or what the model's failure became.
        Raises `QueueFull` and `NotReady` at once, and `done` is then never called.
        """
        count = rows_of(rows.groups[0]) if len(rows.groups) == 1 else sum(map(rows_of, rows.groups))
        now = self._clock()
        self._overload.offered(count)
        displaced = self._admit(count, priority, timeout_seconds)
        job = Job(rows, count, now, timeout_seconds, priority)
        job.expect(done)
        self._queue.push(job)
        self._open.add(job)
        if job.deadline < self._timer_at:
            self._watch(job.deadline, now)
        self._observer.queue_changed(self._queue.rows)
        self._schedule()
        for other in displaced:
            self._settle(other, self._full("rows of a higher priority came"))
        return job

    def withdraw(self, job: Job) -> None:
        """The caller left: its rows that wait are dropped, and its `done` is never called."""
        job.abandon()
        self._open.discard(job)
        self._queue.discard(job)
        self._observer.queue_changed(self._queue.rows)
        self._settle_idle()

    async def run(self, rows: Rows, timeout_seconds: float, priority: Priority = Priority.NORMAL) -> BatchResult:
        """Run the rows and return their outputs; `submit` for a coroutine, which raises the errors.

        A caller that is cancelled takes its waiting rows with it.
        """
        future: asyncio.Future[BatchResult] = asyncio.get_running_loop().create_future()
        job = self.submit(rows, timeout_seconds, priority, partial(_resolve, future))
        try:
            return await future
        finally:
            if job.is_open:
                self.withdraw(job)

    def refusal(self, rows: int, priority: Priority) -> HorngateError | None:
        """What `submit` would raise now for so many rows, whose request then counts as refused; None if nothing.

        So that a transport can refuse before it reads a body: the deadline is not looked at.
        """
        if self._is_closed:
            return _closing()
        if self._has_room(rows, priority):
            return None
        self._overload.offered(rows)
        self._overload.refused(rows)
        return self._full()

    def retry_after_seconds(self) -> float:
        """How long the rows that wait now will take, from the measured drain rate; 1 s before anything was measured."""
        rate = self._overload.rows_per_second
        return self._queue.rows / rate if rate else 1.0

    async def drain(self, timeout_seconds: float) -> None:
        """Take no more, let what was taken finish for so long, and refuse what is left then."""
        self._is_closed = True
        self._settle_idle()
        try:
            await asyncio.wait_for(self._idle.wait(), timeout_seconds)
        except TimeoutError:
            for job in tuple(self._open):
                self._settle(job, _closing())
            self._observer.queue_changed(0)
        if self._timer is not None:
            self._timer.cancel()

    def _admit(self, rows: int, priority: Priority, timeout_seconds: float) -> list[Job]:
        """Make room for the rows: the jobs that they displace, out of the queue already; or refuse at once."""
        if self._is_closed:
            raise _closing()
        if not self._queue.rows:
            return []
        if not self._has_room(rows, priority):
            self._overload.refused(rows)
            raise self._full()
        wait_seconds = self._overload.wait_seconds(self._ahead(priority) + rows)
        if wait_seconds > timeout_seconds > 0:
            self._overload.refused(rows)
            raise self._full(f"they take {1000 * wait_seconds:.0f} ms, and the deadline is sooner")
        displaced = []
        while not self._fits(rows, self._queue.rows) and (job := self._queue.youngest(priority)):
            self._queue.discard(job)
            displaced.append(job)
        return displaced

    def _has_room(self, rows: int, priority: Priority) -> bool:
        """Whether the rows fit in, where the lower classes make way."""
        return self._fits(rows, self._queue.rows) or (
            priority != Priority.LOW and self._fits(rows, self._ahead(priority))
        )

    def _ahead(self, priority: Priority) -> int:
        """Rows that wait and are not of a lower class."""
        high, normal, low = self._queue.rows_by_class
        return high + (normal if priority else 0) + (low if priority == Priority.LOW else 0)

    def _fits(self, rows: int, waiting: int) -> bool:
        """Whether rows may wait behind so many others; what comes to an empty queue always may."""
        if not waiting:
            return True
        return waiting + rows <= self._max_queue_rows and waiting < self._overload.short_queue_rows

    def _full(self, why: str = "") -> QueueFull:
        """The refusal, with the time to come back."""
        limit = min(self._max_queue_rows, self._overload.short_queue_rows)
        reason = f"{self._queue.rows} rows wait already, of {limit:.0f} that may"
        return QueueFull(f"{why or reason}; retry later", self.retry_after_seconds())

    def _schedule(self) -> None:
        """Look at the queue once the requests that this turn of the loop brings have all been queued."""
        if not self._is_scheduled and self._queue.rows and self._pool.idle:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._dispatch)

    def _dispatch(self) -> None:
        """Give every free instance a batch; inline one only, so that the loop can read sockets in between."""
        self._is_scheduled = False
        while self._pool.idle and self._queue.rows:
            now = self._clock()
            batch, late = self._queue.take(now)
            for job in late:
                self._settle(job, job.too_late(now))
            if batch:
                self._start(batch, now)
                if batch.is_quick:
                    break
        self._observer.queue_changed(self._queue.rows)
        self._schedule()
        self._settle_idle()

    def _start(self, batch: Batch, now: float) -> None:
        """Run one batch on a free instance."""
        waited = now - batch.pieces[0].job.enqueued
        self._overload.dispatched(now, waited, batch.rows, self._queue.rows, len(self._open))
        work = partial(run_isolated, signature=self._signature, parts=[piece.tensors for piece in batch.pieces])
        self._pool.start(work, partial(self._finished, batch), inline=batch.is_quick)

    def _finished(self, batch: Batch, outcomes: list[Outcome]) -> None:
        """Hand each caller its part, and look at the queue again."""
        now = self._clock()
        self._observer.batch_ran(batch.rows)
        for piece, outcome in zip(batch.pieces, outcomes, strict=True):
            job = piece.job
            if job.is_open:
                answer = job.collect(piece, outcome, now)
                if answer is not None:
                    self._settle(job, answer)
        self._schedule()
        self._settle_idle()

    def _settle(self, job: Job, answer: BatchResult | HorngateError) -> None:
        """Give the job its answer, when nothing of it is left here."""
        self._open.discard(job)
        if job.waiting_rows:
            self._queue.discard(job)
        job.settle(answer)

    def _watch(self, deadline: float, now: float) -> None:
        """Look at the deadlines at this one, the nearest: one timer for all costs less than one for each."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = deadline
        delay_seconds = max(deadline - now, DEADLINE_STEP_SECONDS)
        self._timer = asyncio.get_running_loop().call_later(delay_seconds, self._expire)

    def _expire(self) -> None:
        """Answer everybody whose deadline has passed, and wait for the next."""
        self._timer, self._timer_at = None, math.inf
        now = self._clock()
        for job in [job for job in self._open if job.deadline <= now]:
            self._settle(job, job.too_late(now))
        self._observer.queue_changed(self._queue.rows)
        self._settle_idle()
        nearest = min((job.deadline for job in self._open), default=math.inf)
        if nearest < self._timer_at:
            self._watch(nearest, now)

    def _settle_idle(self) -> None:
        """Wake whoever waits for the end when nothing is left to do."""
        if self._is_closed and not self._queue.rows and self._pool.idle == self._pool.instances:
            self._idle.set()


def _resolve(future: asyncio.Future[BatchResult], answer: BatchResult | HorngateError) -> None:
    """Wake a coroutine with its answer, unless it was cancelled."""
    if future.done():
        return
    if isinstance(answer, HorngateError):
        future.set_exception(answer)
    else:
        future.set_result(answer)


def _closing() -> NotReady:
    """The refusal of a batcher that drains."""
    return NotReady("the server is shutting down", retry_after_seconds=1.0)
