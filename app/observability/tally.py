"""Counts kept in plain Python and handed to `prometheus_client` a few times a second.

With several workers each single change of a metric takes a lock, checks the process id and writes a memory-mapped file:
about 2.5 µs, and a prediction changes fourteen. Here it is an addition to a list or a number.
"""

from typing import Protocol

import numpy as np
from prometheus_client import Counter, Gauge, Histogram


class Tally(Protocol):
    """Something that waits to be handed over."""

    def flush(self) -> None:
        """Hand over what was counted since the last time."""


class CounterTally:
    """A counter's additions."""

    __slots__ = ("_counter", "_pending")

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._pending: float = 0

    def inc(self, amount: float = 1) -> None:
        """Add to it."""
        self._pending += amount

    def flush(self) -> None:
        """Hand over the sum."""
        if self._pending:
            pending, self._pending = self._pending, 0
            self._counter.inc(pending)


class GaugeTally:
    """A gauge's changes, which several may share."""

    __slots__ = ("_gauge", "_told", "_value")

    def __init__(self, gauge: Gauge) -> None:
        self._gauge = gauge
        self._value = self._told = 0

    def set(self, value: int) -> None:
        """Its share of the gauge is so much now."""
        self._value = value

    def flush(self) -> None:
        """Hand over the difference."""
        if self._value != self._told:
            difference, self._told = self._value - self._told, self._value
            self._gauge.inc(difference)


class LatestTally:
    """A gauge's last value."""

    __slots__ = ("_gauge", "_told", "_value")

    def __init__(self, gauge: Gauge) -> None:
        self._gauge = gauge
        self._value = self._told = 0.0

    def set(self, value: float) -> None:
        """It is so much now."""
        self._value = value

    def flush(self) -> None:
        """Hand it over, where it has changed."""
        if self._value != self._told:
            self._told = self._value
            self._gauge.set(self._value)


class HistogramTally:
    """A histogram's observations."""

    __slots__ = ("_bounds", "_histogram", "_pending")

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram
        self._bounds = histogram._upper_bounds  # noqa: SLF001  # no public way to add many observations at once
        self._pending: list[float] = []

    def observe(self, value: float) -> None:
        """Take one observation."""
        self._pending.append(value)

    def flush(self) -> None:
        """Hand over all of them: one addition per bucket that got any, and one to the sum."""
        if self._pending:
            pending, self._pending = self._pending, []
            for bucket, count in enumerate(np.bincount(np.searchsorted(self._bounds, pending)).tolist()):
                if count:
                    self._histogram._buckets[bucket].inc(count)  # noqa: SLF001  # as above
            self._histogram._sum.inc(sum(pending))  # noqa: SLF001  # as above
