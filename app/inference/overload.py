"""Tells a burst, which the queue is for, from an overload that lasts: there a long queue only makes everybody wait."""

import math

WINDOW_SECONDS = 0.1
"""Arrivals and departures are compared over so long at least, and until as many rows came as run at once: a loop that
the models keep from the cores reads no request for a while, and then many, which says nothing of an overload's end.
"""

HORIZON_SECONDS = 0.5
"""What was measured counts half after so much busy time."""

MARGIN = 1.1
"""A wait is taken to be so many times what the drain rate says, because batches do not all take the same time."""

GROWTH = 1.1
"""Rows offered per row run, over a window, from which on the queue counts as growing."""

LONG_WAIT_SECONDS = 1.0
"""Where even the least wait of a window is longer, growth is enough; below, only a full queue is: see decision 0007."""

INLINE_ROWS = 16
INLINE_SECONDS = 0.02
"""A short queue before a model on the event loop holds what drains in this time, and so many rows at least: one turn of
the loop reads many requests, all of which want a place. Behind threads it holds one batch for each instance, so that
none waits for work.
"""

FEW = 0.1
"""Where no larger share of a window's rows is refused, the queue may be long again: a machine that stalls now and then
refuses some in a short queue without being overloaded.
"""

MANY_CALLERS = 256
CROWDED_WAIT_SECONDS = 0.25
"""More callers at once who all wait longer, over a whole window, are taken for a flood, even where their rows still fit
into the queue; a thousand connections to a fast model do not wait so long.
"""

WINDOWS = 2
"""So many windows in a row of a full, growing or crowded queue are an overload."""


class Overload:
    """Measures the drain rate while rows wait, and shortens the queue while more comes than can be run.

    `batch_rows` are the rows that all instances together run at once; `inline` says that they run on the event loop.
    Times are seconds of the batcher's clock.
    """

    def __init__(self, batch_rows: int, *, inline: bool = False) -> None:
        self.rows_per_second = 0.0
        self.short_queue_rows: float = math.inf
        self._batch_rows = batch_rows
        self._inline = inline
        self._busy_rows = self._busy_seconds = 0.0
        self._last_rows, self._last_at, self._is_backlogged = 0, 0.0, False
        self._window_at = -math.inf
        self._offered = self._refused = self._run = 0
        self._least_wait = self._least_callers = math.inf
        self._windows = 0
        self._was_idle = True

    def offered(self, rows: int) -> None:
        """So many rows came, taken or not."""
        self._offered += rows

    def refused(self, rows: int) -> None:
        """So many of those that came were not taken."""
        self._refused += rows

    def wait_seconds(self, rows: int) -> float:
        """How long so many rows will take behind those that run, at worst; 0 before the rate has been measured."""
        return MARGIN * (rows + self._batch_rows) / self.rows_per_second if self.rows_per_second else 0.0

    def dispatched(self, now: float, waited_seconds: float, rows: int, rows_left: int, callers: int) -> None:
        """A batch starts: its first row waited so long, others are left behind it; so many callers are unanswered."""
        self._was_idle |= not self._is_backlogged
        self._measure(now, rows, rows_left)
        self._run += rows
        self._least_wait = min(self._least_wait, waited_seconds)
        self._least_callers = min(self._least_callers, callers)
        if now - self._window_at >= WINDOW_SECONDS and self._offered >= self._batch_rows:
            self._judge(now)

    def _measure(self, now: float, rows: int, rows_left: int) -> None:
        """The drain rate: rows of one batch by the time until the next, while there was a next to run."""
        if self._is_backlogged:
            self._busy_rows += self._last_rows
            self._busy_seconds += now - self._last_at
            if self._busy_seconds > 0:
                self.rows_per_second = self._busy_rows / self._busy_seconds
            if self._busy_seconds > HORIZON_SECONDS:
                self._busy_rows, self._busy_seconds = self._busy_rows / 2, self._busy_seconds / 2
        self._last_rows, self._last_at, self._is_backlogged = rows, now, rows_left > 0

    def _judge(self, now: float) -> None:
        """Look back on a window: where few were refused in it, the queue may be long again."""
        is_standing = not self._was_idle and self._least_wait * self.rows_per_second > self._batch_rows
        is_growing = self._least_wait > LONG_WAIT_SECONDS and self._offered > GROWTH * self._run
        is_crowded = self._least_callers > MANY_CALLERS and self._least_wait > CROWDED_WAIT_SECONDS
        self._windows = self._windows + 1 if is_standing and (self._refused or is_growing or is_crowded) else 0
        if self._windows >= WINDOWS:
            drained = int(self.rows_per_second * INLINE_SECONDS)
            self.short_queue_rows = max(INLINE_ROWS, drained) if self._inline else self._batch_rows
        elif self._refused <= FEW * self._offered:
            self.short_queue_rows = math.inf
        self._window_at = now
        self._offered = self._refused = self._run = 0
        self._least_wait = self._least_callers = math.inf
        self._was_idle = False
