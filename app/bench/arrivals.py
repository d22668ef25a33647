"""When requests are due: at once in the closed loop, by the clock in the open one."""

import random
from collections import deque
from collections.abc import Iterator
from itertools import count
from typing import Protocol

from app.bench.step import Spacing
from app.bench.tally import Window


class Arrivals(Protocol):
    """Says which request is to be sent next."""

    def take(self, now: float) -> float | None:
        """The due time of the next request to send now; None where there is none yet, or no more."""

    def expired(self, before: float) -> float | None:
        """Take back a request that was due before this time and has not been sent; None where there is none."""

    def is_over(self, now: float) -> bool:
        """Whether nothing waits and nothing more will be due."""

    @property
    def waiting(self) -> int:
        """How many are due and not sent."""


class ClosedArrivals:
    """Another request whenever a connection is free, until the window ends."""

    waiting = 0

    def __init__(self, window: Window) -> None:
        self._window = window

    def take(self, now: float) -> float | None:
        """Now, until the end."""
        return now if now < self._window.end else None

    def expired(self, before: float) -> float | None:
        """Never: nothing waits."""
        del before
        return None

    def is_over(self, now: float) -> bool:
        """From the window's end on."""
        return now >= self._window.end


class OpenArrivals:
    """Requests due at times of their own; those that found no free connection wait, oldest first."""

    def __init__(self, times: Iterator[float], window: Window) -> None:
        self._times = times
        self._window = window
        self._waiting: deque[float] = deque()
        self.next_due = next(times)

    @property
    def waiting(self) -> int:
        """How many are due and not sent."""
        return len(self._waiting)

    def advance(self, now: float) -> float | None:
        """Let all wait that are due by now; gives the time of the next one, None after the window's end."""
        end = self._window.end
        while self.next_due <= now and self.next_due < end:
            self._waiting.append(self.next_due)
            self.next_due = next(self._times)
        return self.next_due if self.next_due < end else None

    def is_over(self, now: float) -> bool:
        """Not before all that was due in the window was let in: the clock may be ahead of `advance`."""
        del now
        return self.next_due >= self._window.end and not self._waiting

    def take(self, now: float) -> float | None:
        """The oldest that waits."""
        del now
        return self._waiting.popleft() if self._waiting else None

    def expired(self, before: float) -> float | None:
        """The oldest, where it was due before then."""
        return self._waiting.popleft() if self._waiting and self._waiting[0] < before else None


def due_times(start: float, rate: float, spacing: Spacing, seed: int) -> Iterator[float]:
    """Times from `start` on, `rate` per second: evenly spaced, or a Poisson process, as independent callers make it."""
    if spacing == "constant":
        return (start + number / rate for number in count())
    return _poisson(start, rate, random.Random(seed))  # noqa: S311  # no secret


def _poisson(start: float, rate: float, numbers: random.Random) -> Iterator[float]:
    """Exponential gaps."""
    due = start
    while True:
        due += numbers.expovariate(rate)
        yield due
