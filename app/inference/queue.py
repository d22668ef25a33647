"""Rows that wait for an instance: equal shapes leave together, higher classes first, nobody is overtaken for ever."""

import math
from collections import OrderedDict
from operator import attrgetter

from app.inference.job import Job, Piece
from app.inference.tensors import Shapes, cells_of
from app.types import Priority

LONGEST_BATCH = 4
"""A batch of short rows holds at most so many times the rows of one of the longest."""

KEPT_LANES = 64
"""Shapes that are remembered while none of their rows wait; more are forgotten together."""


class Lane:
    """The rows of one shape: a queue for each class, by time of arrival."""

    __slots__ = ("cells", "queues", "shapes")

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.cells = cells_of(shapes)
        self.queues: tuple[OrderedDict[Piece, None], ...] = tuple(OrderedDict() for _ in Priority)

    @property
    def rank(self) -> float:
        """The place of its first piece in the whole queue; infinite where none waits."""
        return min(map(_first_rank, self.queues))


class RowQueue:
    """Jobs that wait, counted in rows; every operation finds what it needs without looking at the others that wait.

    `max_batch_rows` are those of a batch of the largest rows, of `largest_cells` numbers; where nobody can say how
    large rows may be, of the largest that have come.
    """

    def __init__(self, max_batch_rows: int, largest_cells: int = 1) -> None:
        self.rows = 0
        self.rows_by_class = [0] * len(Priority)
        self._max_batch_rows = max_batch_rows
        self._largest_cells = largest_cells
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

    def take(self, now: float) -> tuple[list[Piece], list[Job]]:
        """The next batch, of one shape, and the jobs before it whose deadline has passed; neither waits any more.

        The batch is that of the shape whose first row has the lowest rank. It is empty only where nothing waits.
        """
        batch: list[Piece] = []
        late: list[Job] = []
        while self._waiting and not batch:
            lane = next(iter(self._waiting)) if len(self._waiting) == 1 else min(self._waiting, key=attrgetter("rank"))
            self._fill(batch, late, lane, now)
        return batch, late

    def youngest(self, below: Priority) -> Job | None:
        """Of the lowest class that waits, and is lower than `below`, the job that came last."""
        for priority in range(len(Priority) - 1, below, -1):
            if self.rows_by_class[priority]:
                queues = [lane.queues[priority] for lane in self._waiting if lane.queues[priority]]
                return max((next(reversed(queue)).job for queue in queues), key=attrgetter("rank"))
        return None

    def _fill(self, batch: list[Piece], late: list[Job], lane: Lane, now: float) -> None:
        """Take rows from the lane, as many as a batch of their size holds."""
        capacity = room = self._capacity(lane)
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

    def _capacity(self, lane: Lane) -> int:
        """Rows of this shape in one batch: about as many cells as in a batch of the largest rows."""
        rows = self._max_batch_rows * self._largest_cells // lane.cells
        return max(self._max_batch_rows, min(rows, LONGEST_BATCH * self._max_batch_rows))

    def _count(self, job: Job, rows: int) -> None:
        """So many rows more wait."""
        self.rows += rows
        self.rows_by_class[job.priority] += rows

    def _open_lane(self, shapes: Shapes) -> Lane:
        """A lane for a shape that none has."""
        if len(self._lanes) >= KEPT_LANES + len(self._waiting):
            self._lanes = {lane.shapes: lane for lane in self._waiting}
        lane = self._lanes[shapes] = Lane(shapes)
        self._largest_cells = max(self._largest_cells, lane.cells)
        return lane


def _first_rank(queue: OrderedDict[Piece, None]) -> float:
    """The place of a queue's first piece among all that wait; infinite where none does."""
    return next(iter(queue)).job.rank if queue else math.inf
