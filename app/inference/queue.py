"""Rows that wait for an instance: first come, first served, bounded, nobody's rows kept after they left."""

import asyncio
from collections import deque
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from app.errors import DeadlineExceeded, HorngateError
from app.inference.tensors import rows_between, shapes_of
from app.types import Array, Tensors, rows_of


@dataclass(frozen=True, slots=True)
class BatchResult:
    """A caller's outputs, how long its first row queued, and how long the model then took, in seconds."""

    outputs: Tensors
    queue_seconds: float
    infer_seconds: float


class Job:
    """One caller's rows and its one answer; the rows may travel in several batches."""

    __slots__ = (
        "_parts",
        "deadline",
        "enqueued",
        "future",
        "open_rows",
        "rows",
        "shapes",
        "started",
        "taken",
        "tensors",
    )

    def __init__(
        self, tensors: Tensors, future: asyncio.Future[BatchResult], now: float, timeout_seconds: float
    ) -> None:
        self.tensors = tensors
        self.shapes = shapes_of(tensors)
        self.rows = self.open_rows = rows_of(tensors)
        self.future = future
        self.enqueued = self.started = now
        self.deadline = now + timeout_seconds
        self.taken = 0
        self._parts: list[tuple[int, Tensors]] = []

    @property
    def waiting_rows(self) -> int:
        """Rows that no batch has taken yet."""
        return self.rows - self.taken

    def take(self, limit: int, now: float) -> "Slice":
        """Take the next rows, `limit` at most, into a batch."""
        if not self.taken:
            self.started = now
        start, self.taken = self.taken, min(self.rows, self.taken + limit)
        return Slice(self, start, self.taken)

    def accept(self, start: int, outputs: Tensors, now: float) -> None:
        """Take one slice's outputs; the last of them settles the future."""
        if self.future.done():
            return
        self._parts.append((start, outputs))
        self.open_rows -= rows_of(outputs)
        if not self.open_rows:
            self.future.set_result(BatchResult(self._joined(), self.started - self.enqueued, now - self.started))

    def fail(self, error: HorngateError) -> None:
        """Give the caller an error instead; the first one counts."""
        if not self.future.done():
            self.future.set_exception(error)

    def expire(self) -> None:
        """The deadline passed: the caller learns where the time went."""
        waited = perf_counter() - self.enqueued
        queued = waited if not self.taken else self.started - self.enqueued
        self.fail(
            DeadlineExceeded(
                f"no answer within {1000 * waited:.0f} ms, of which {1000 * queued:.0f} ms in the queue; "
                "allow more time or retry later"
            )
        )

    def _joined(self) -> Tensors:
        """All rows in the caller's order."""
        if len(self._parts) == 1:
            return self._parts[0][1]
        parts = [outputs for _, outputs in sorted(self._parts, key=lambda part: part[0])]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows `start` to `stop` of one job, in one batch."""

    job: Job
    start: int
    stop: int

    def tensors(self) -> dict[str, Array] | Tensors:
        """The slice's own rows."""
        if self.stop - self.start == self.job.rows:
            return self.job.tensors
        return rows_between(self.job.tensors, self.start, self.stop)


class RowQueue:
    """A first-in, first-out queue of jobs that counts rows; who left or ran out of time is passed over."""

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque()
        self.rows = 0

    def push(self, job: Job) -> None:
        """Let the job's rows wait."""
        self._jobs.append(job)
        self.rows += job.rows

    def discard(self, job: Job) -> None:
        """Forget the rows of a caller that left, was refused or failed."""
        if job.waiting_rows and job in self._jobs:
            self._jobs.remove(job)
            self.rows -= job.waiting_rows

    def take(self, max_rows: int, now: float) -> list[Slice]:
        """The next batch: rows of equal shape, `max_rows` at most, in the order of arrival.

        Rows of callers that left, or whose deadline has passed, are dropped.
        """
        batch: list[Slice] = []
        room = max_rows
        while room and self._jobs:
            job = self._jobs[0]
            if job.deadline <= now:  # its timer may be late, where the event loop was held
                job.expire()
            if job.future.done():
                self._jobs.popleft()
                self.rows -= job.waiting_rows
                continue
            if batch and job.shapes != batch[0].job.shapes:
                break
            taken = job.take(room, now)
            batch.append(taken)
            room -= taken.stop - taken.start
            self.rows -= taken.stop - taken.start
            if not job.waiting_rows:
                self._jobs.popleft()
        return batch

    def drain(self) -> list[Job]:
        """Take every waiting job out."""
        jobs, self.rows = list(self._jobs), 0
        self._jobs.clear()
        return jobs
