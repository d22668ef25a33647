"""Tells a burst, which the queue is for, from an overload that lasts: there a long queue only makes everybody wait."""

import math

WINDOW_SECONDS = 0.1
"""Arrivals and departures are compared over so long."""

HORIZON_SECONDS = 0.5
"""What was measured counts half after so much busy time."""

GROWTH = 1.2
"""Rows offered per row run, over a window, from which on the queue counts as growing."""

GROWING_WINDOWS = 2
"""So many growing windows in a row are an overload."""


class Overload:
    """Measures the drain rate while rows wait, and shortens the queue while more comes than can be run.

    `batch_rows` are the rows that all instances together run at once. Times are seconds of the batcher's clock.
    """

    def __init__(self, batch_rows: int) -> None:
        self.rows_per_second = 0.0
        self.short_queue_rows = math.inf
        self._batch_rows = batch_rows
        self._busy_rows = self._busy_seconds = 0.0
        self._last_rows, self._last_at, self._is_backlogged = 0, 0.0, False
        self._window_at = -math.inf
        self._offered = self._refused = self._run = 0
        self._least_wait = math.inf
        self._growing = 0

    def offered(self, rows: int) -> None:
        """So many rows came, taken or not."""
        self._offered += rows

    def refused(self, rows: int) -> None:
        """So many of those that came were not taken."""
        self._refused += rows

    def wait_seconds(self, rows: int) -> float:
        """How long so many rows will take; 0 before the rate has been measured."""
        return rows / self.rows_per_second if self.rows_per_second else 0.0

    def dispatched(self, now: float, waited_seconds: float, rows: int, rows_left: int) -> None:
        """A batch starts: its first row waited so long, and behind it others are left."""
        self._measure(now, rows, rows_left)
        self._run += rows
        self._least_wait = min(self._least_wait, waited_seconds)
        if now - self._window_at >= WINDOW_SECONDS:
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
        """Look back on a window."""
        is_one = now - self._window_at < 2 * WINDOW_SECONDS
        is_standing = is_one and self._least_wait > self._batch_rows / max(self.rows_per_second, 1e-9)
        is_growing = self._refused > 0 or self._offered > GROWTH * self._run
        self._growing = self._growing + 1 if is_standing and is_growing else 0
        if self._growing >= GROWING_WINDOWS:
            self.short_queue_rows = self._batch_rows
        elif not self._refused:
            self.short_queue_rows = math.inf
        self._window_at = now
        self._offered = self._refused = self._run = 0
        self._least_wait = math.inf
