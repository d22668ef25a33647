"""How many rows of one shape make a batch, and how many are so quick that a thread would cost more than they do."""

import math
from collections.abc import Mapping
from typing import NamedTuple

INLINE_SECONDS = 0.002
"""A batch that takes less than this runs on the event loop; handing it to a thread would cost more than it gives."""

LONGEST_BATCH = 4
SHORT_ROWS = 64
"""A batch of short rows holds at most so many times the rows of one of the longest, or this many if that is more."""


class Size(NamedTuple):
    """The most rows in a batch of one shape, and the most of them that run on the event loop, 0 for none."""

    rows: int
    inline_rows: int


class Sizing:
    """What was measured with rows of one size, carried over to others: a row's time grows with the numbers in it.

    `batch_rows` is the best batch of rows that hold `measured_cells` numbers each, `seconds` what such batches took, by
    their rows: empty where nothing was measured, or where no batch may run on the event loop.
    """

    def __init__(self, batch_rows: int, measured_cells: int = 1, seconds: Mapping[int, float] | None = None) -> None:
        self.batch_rows = batch_rows
        self._measured_cells = measured_cells
        self._seconds = sorted((seconds or {}).items())

    @property
    def runs_inline(self) -> bool:
        """Whether any batch of the measured rows runs on the event loop."""
        return self.of(self._measured_cells).inline_rows > 0

    def of(self, cells: int) -> Size:
        """The batch of rows that hold so many numbers each.

        Short rows fill a larger batch, but none that would leave the event loop where a good one can stay there.
        """
        inline_rows = self._rows_within(INLINE_SECONDS * self._measured_cells / cells)
        equal_rows = self.batch_rows * self._measured_cells // cells
        rows = max(self.batch_rows, min(equal_rows, max(LONGEST_BATCH * self.batch_rows, SHORT_ROWS)))
        return Size(min(rows, inline_rows) if inline_rows >= self.batch_rows else rows, inline_rows)

    def _rows_within(self, bound_seconds: float) -> int:
        """The most rows of the measured size whose batch takes less: on a straight line between two measured batches,
        beyond the largest at its rate.
        """
        rows, taken = 0, 0.0
        for more, longer in self._seconds:
            if longer >= bound_seconds:
                return rows + math.ceil((more - rows) * (bound_seconds - taken) / (longer - taken)) - 1
            rows, taken = more, longer
        return math.ceil(rows * bound_seconds / taken) - 1 if taken else 0
