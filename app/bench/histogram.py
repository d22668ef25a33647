"""Latencies in bounded memory: a histogram whose bins grow with the value, so that each is 0.1 % wide."""

import math
from array import array

import numpy as np

from app.types import Array

LOWEST_SECONDS = 1e-6
HIGHEST_SECONDS = 1e4
GROWTH = math.log(1.001)
BINS = math.ceil(math.log(HIGHEST_SECONDS / LOWEST_SECONDS) / GROWTH) + 1

BUFFER = 4096
"""Latencies are kept as they came until there are so many: to file them one by one would cost more than the request."""


class Histogram:
    """Counts of latencies in seconds, from a microsecond to hours; about 190 kB, however many there are."""

    def __init__(self) -> None:
        self._bins: Array = np.zeros(BINS, np.int64)
        self._buffer = array("d")
        self._highest = 0.0
        self._sum = 0.0

    def record(self, seconds: float) -> None:
        """Count one latency."""
        self._buffer.append(seconds)
        if len(self._buffer) >= BUFFER:
            self._file()

    def merge(self, other: "Histogram") -> None:
        """Count all that the other one counted."""
        self._file()
        self._bins += other.bins
        self._highest = max(self._highest, other.highest)
        self._sum += other.sum

    @property
    def bins(self) -> Array:
        """The counts (BINS,), each of what lies above the bin before and up to this one."""
        self._file()
        return self._bins

    @property
    def sum(self) -> float:
        """All of them together, in seconds."""
        self._file()
        return self._sum

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.bins.sum())

    @property
    def highest(self) -> float:
        """The longest, exactly; 0 where there is none."""
        self._file()
        return self._highest

    @property
    def mean(self) -> float:
        """The mean, exactly; 0 where there is none."""
        return self.sum / max(self.count, 1)

    def percentile(self, percent: float) -> float:
        """The shortest time that `percent` of all stayed within, at most 0.1 % above it; 0 where there is none."""
        upto = np.cumsum(self.bins)
        if upto[-1] == 0:
            return 0.0
        rank = max(math.ceil(percent / 100 * upto[-1]), 1)
        index = int(np.searchsorted(upto, rank))
        return min(LOWEST_SECONDS * math.exp(index * GROWTH), self._highest)

    def _file(self) -> None:
        """Sort the buffer's latencies into their bins; a bin holds what lies between its lower edge and its value."""
        if not self._buffer:
            return
        seconds = np.frombuffer(self._buffer)
        places = np.ceil(np.log(np.maximum(seconds, LOWEST_SECONDS) / LOWEST_SECONDS) / GROWTH).astype(np.int64)
        self._bins += np.bincount(np.minimum(places, BINS - 1), minlength=BINS)
        self._highest = max(self._highest, float(seconds.max()))
        self._sum += float(seconds.sum())
        del seconds
        self._buffer = array("d")
