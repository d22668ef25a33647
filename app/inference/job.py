"""One caller's rows and its one answer: rows may travel in several batches, and come back in the caller's order."""

import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from app.errors import DeadlineExceeded, HorngateError, InferenceFailed
from app.inference.isolation import NotFinite, Outcome
from app.inference.tensors import Shapes, rows_between, shapes_of
from app.types import Array, Priority, Rows, Tensors, rows_of

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = (0.0, 1.0, 2.0)
"""By priority, how long a row lets rows of the highest class that came later go first; after that nothing overtakes it.

Queues are kept shorter than this, so that classes run strictly in turn; it is what keeps the lowest from starving.
"""


class BatchResult(NamedTuple):
    """A caller's outputs, how long its first row queued, and how long the model then took, in seconds."""

    outputs: Tensors
    queue_seconds: float
    infer_seconds: float


Done = Callable[[BatchResult | HorngateError], None]
"""Is given a caller's one answer."""


class Piece:
    """Rows of one job that have equal shapes and travel together; `start` counts from the job's first row."""

    __slots__ = ("job", "rows", "shapes", "start", "tensors")

    def __init__(self, job: "Job", tensors: Tensors, shapes: Shapes, start: int, rows: int) -> None:
        self.job = job
        self.tensors = tensors
        self.shapes = shapes
        self.start = start
        self.rows = rows

    def split(self, rows: int) -> "Piece":
        """Take the first `rows` off; the others stay."""
        head = Piece(self.job, rows_between(self.tensors, 0, rows), self.shapes, self.start, rows)
        self.tensors = rows_between(self.tensors, rows, self.rows)
        self.start += rows
        self.rows -= rows
        return head


class Job:
    """What one caller waits for; times are seconds of the batcher's clock.

    `rank` is the place in the queue, the lowest first: the time of arrival, and the patience of its class.
    """

    __slots__ = (
        "_done",
        "_open_rows",
        "_outputs",
        "_places",
        "deadline",
        "enqueued",
        "pieces",
        "priority",
        "rank",
        "rows",
        "started",
        "takes_any",
        "waiting_rows",
    )

    def __init__(self, rows: Rows, count: int, now: float, timeout_seconds: float, priority: Priority) -> None:
        self.rows = self._open_rows = self.waiting_rows = count
        self.priority = priority
        self.enqueued = self.started = now
        self.rank = now + PATIENCE_SECONDS[priority]
        self.deadline = now + timeout_seconds
        self.pieces = self._split(rows.groups)
        self.takes_any = rows.takes_any
        self._places = rows.places
        self._outputs: list[tuple[int, Tensors]] = []
        self._done: Done | None = None

    def expect(self, done: Done) -> None:
        """The job is accepted: `done` will be given its answer."""
        self._done = done

    @property
    def is_open(self) -> bool:
        """Whether its caller still waits for the answer."""
        return self._done is not None

    def abandon(self) -> None:
        """The caller left: there will be no answer."""
        self._done = None

    def settle(self, answer: BatchResult | HorngateError) -> None:
        """Give the caller its answer; what goes wrong there harms nobody else."""
        done, self._done = self._done, None
        if done is not None:
            try:
                done(answer)
            except Exception:
                logger.exception("a caller failed on its answer")

    def collect(self, piece: Piece, outcome: Outcome, now: float) -> BatchResult | HorngateError | None:
        """Take one piece's outputs; with the last of them, or with the first failure, gives the answer."""
        outputs = outcome.outputs if self.takes_any and isinstance(outcome, NotFinite) else outcome
        if isinstance(outputs, HorngateError):
            return outputs
        self._open_rows -= piece.rows
        if self._outputs or self._open_rows or self._places is not None:
            self._outputs.append((piece.start, outputs))
            if self._open_rows:
                return None
            try:
                outputs = self._joined()
            except ValueError as error:
                return InferenceFailed(f"outputs of rows of several lengths cannot be joined: {error}")
        return BatchResult(outputs, self.started - self.enqueued, now - self.started)

    def too_late(self, now: float) -> DeadlineExceeded:
        """The deadline passed: says where the time went."""
        waited = now - self.enqueued
        queued = waited if self.waiting_rows == self.rows else self.started - self.enqueued
        return DeadlineExceeded(
            f"no answer within {1000 * waited:.0f} ms, of which {1000 * queued:.0f} ms in the queue; "
            "allow more time or retry later"
        )

    def _split(self, groups: Sequence[Tensors]) -> list[Piece]:
        """A piece for each group."""
        if len(groups) == 1:
            return [Piece(self, groups[0], shapes_of(groups[0]), 0, self.rows)]
        pieces, start = [], 0
        for tensors in groups:
            pieces.append(Piece(self, tensors, shapes_of(tensors), start, rows_of(tensors)))
            start += rows_of(tensors)
        return pieces

    def _joined(self) -> dict[str, Array]:
        """All rows in the caller's order."""
        parts = [outputs for _, outputs in sorted(self._outputs, key=lambda part: part[0])]
        joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        return (
            joined if self._places is None else {name: _placed(array, self._places) for name, array in joined.items()}
        )


def _placed(rows: Array, places: Array) -> Array:
    """The rows, each at its place."""
    ordered = np.empty_like(rows)
    ordered[places] = rows
    return ordered
