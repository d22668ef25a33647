"""Rows that wait for an instance: equal shapes leave together, higher classes first, nobody is overtaken for ever."""

import math
from collections import OrderedDict
from operator import attrgetter
from typing import NamedTuple

from app.inference.job import Job, Piece
from app.inference.sizing import Size, Sizing
from app.inference.tensors import Shapes, cells_of
from app.types import Priority

KEPT_LANES = 64
"""Shapes that are remembered while none of their rows wait; more are forgotten together."""


class Batch(NamedTuple):
    """Rows of one shape that leave together; `is_quick` where they are few enough for the event loop."""

    pieces: list[Piece]
    rows: int
    is_quick: bool


class Lane:
    """The rows of one shape, and how many of them make a batch: a queue for each class, by time of arrival."""

    __slots__ = ("queues", "shapes", "size")

    def __init__(self, shapes: Shapes, size: Size) -> None:
        self.shapes = shapes
        self.size = size
        self.queues: tuple[OrderedDict[Piece, None], ...] = tuple(OrderedDict() for _ in Priority)

    @property
    def rank(self) -> float:
        """The place of its first piece in the whole queue; infinite where none waits."""
        return min(map(_first_rank, self.queues))


class RowQueue:
    """Jobs that wait, counted in rows; every operation finds what it needs without looking at the others that wait."""

    def __init__(self, sizing: Sizing) -> None:
        self.rows = 0
        self.rows_by_class = [0] * len(Priority)
        self._sizing = sizing
        self._lanes: dict[Shapes, Lane] = {}
        self._waiting: dict[Lane, None] = {}

    def push(self, job: Job) -> None:
        """Let the job's rows wait."""
        for piece in job.pieces:
            lane = self._lanes.get(piece.shapes) or self._open_lane(piece.shapes)
            lane.queues[job.priority][piece] = None
            self._waiting[lane] = None
        self._count(job, job.rows)

    def discard(self, job: Job) -> None:
        """Forget the rows of a caller that left, was refused or failed."""
        if not job.waiting_rows:
            return
        for piece in job.pieces:
            lane = self._lanes.get(piece.shapes)
            if lane is not None:  # forgotten, once none of its rows waited
                lane.queues[job.priority].pop(piece, None)
                if not any(lane.queues):
                    self._waiting.pop(lane, None)
        self._count(job, -job.waiting_rows)
        job.waiting_rows = 0

    def take(self, now: float) -> tuple[Batch | None, list[Job]]:
        """The next batch, of one shape, and the jobs before it whose deadline has passed; neither waits any more.

        The batch is that of the shape whose first row has the lowest rank. There is none only where nothing waits.
        """
        pieces: list[Piece] = []
        late: list[Job] = []
        while self._waiting:
            lane = next(iter(self._waiting)) if len(self._waiting) == 1 else min(self._waiting, key=attrgetter("rank"))
            rows = self._fill(pieces, late, lane, now)
            if rows:
                return Batch(pieces, rows, rows <= lane.size.inline_rows), late
        return None, late

    def youngest(self, below: Priority) -> Job | None:
        """Of the lowest class that waits, and is lower than `below`, the job that came last."""
        for priority in range(len(Priority) - 1, below, -1):
            if self.rows_by_class[priority]:
                queues = [lane.queues[priority] for lane in self._waiting if lane.queues[priority]]
                return max((next(reversed(queue)).job for queue in queues), key=attrgetter("rank"))
        return None

    def _fill(self, batch: list[Piece], late: list[Job], lane: Lane, now: float) -> int:
        """Take rows from the lane, as many as a batch of their size holds; gives their number."""
        capacity = room = lane.size.rows
        queues = [queue for queue in lane.queues if queue]
        while room and queues:
            queue = queues[0] if len(queues) == 1 else min(queues, key=_first_rank)
            piece = next(iter(queue))
            job = piece.job
            if job.deadline <= now:  # its timer may be late, where the event loop was held
                self.discard(job)
                late.append(job)
            else:
                if piece.rows <= room:
                    del queue[piece]
                else:
                    piece = piece.split(room)
                if job.waiting_rows == job.rows:
                    job.started = now
                job.waiting_rows -= piece.rows
                self.rows_by_class[job.priority] -= piece.rows
                room -= piece.rows
                batch.append(piece)
            if not queue:
                queues.remove(queue)
        self.rows -= capacity - room
        if not queues:
            self._waiting.pop(lane, None)
        return capacity - room

    def _count(self, job: Job, rows: int) -> None:
        """So many rows more wait."""
        self.rows += rows
        self.rows_by_class[job.priority] += rows

    def _open_lane(self, shapes: Shapes) -> Lane:
        """A lane for a shape that none has."""
        if len(self._lanes) >= KEPT_LANES + len(self._waiting):
            self._lanes = {lane.shapes: lane for lane in self._waiting}
        lane = self._lanes[shapes] = Lane(shapes, self._sizing.of(cells_of(shapes)))
        return lane


def _first_rank(queue: OrderedDict[Piece, None]) -> float:
    """The place of a queue's first piece among all that wait; infinite where none does."""
    return next(iter(queue)).job.rank if queue else math.inf
