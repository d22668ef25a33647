"""One runtime in a calibration, loaded, with the times of its batches."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from app.inference.tensors import rows_between
from app.repository.manifest import RuntimeName
from app.types import Array, Runtime, Signature, Tensors


@dataclass(slots=True)
class Contestant:
    """A loaded runtime on so many threads; `times` are the seconds of each batch that was timed, by its rows."""

    name: RuntimeName
    threads: int
    runtime: Runtime
    signature: Signature
    times: dict[int, list[float]] = field(default_factory=dict)

    def answer(self, rows: Tensors) -> dict[str, Array]:
        """The outputs for all rows as one batch, and behind them those for the first row alone."""
        together, alone = self.runtime.run(rows), self.runtime.run(rows_between(rows, 0, 1))
        return together | {f"{name} of one row": array for name, array in alone.items()}

    def warm(self, batches: Mapping[int, Tensors], longest_seconds: float) -> None:
        """Run each batch twice, from the smallest; those behind one that takes longer than this are left out."""
        for rows in sorted(batches):
            self.runtime.run(batches[rows])
            self.times[rows] = []
            if self._seconds(batches[rows]) > longest_seconds:
                return

    def take_turn(self, batches: Mapping[int, Tensors]) -> None:
        """Time each batch once; the first run, which finds the caches filled by another runtime, is not counted."""
        self.runtime.run(batches[min(self.times)])
        for rows, times in self.times.items():
            times.append(self._seconds(batches[rows]))

    def medians(self) -> dict[int, float]:
        """The median seconds of a batch, by its rows."""
        return {rows: median(times) for rows, times in self.times.items()}

    def _seconds(self, batch: Tensors) -> float:
        """How long one run takes."""
        started = time.perf_counter()
        self.runtime.run(batch)
        return time.perf_counter() - started


def batches_of(rows: Tensors, sizes: Sequence[int]) -> dict[int, Tensors]:
    """The first so many rows, by their number."""
    return {size: rows_between(rows, 0, size) for size in sizes}
