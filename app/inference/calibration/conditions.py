"""What a calibration measures, and for how long."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.inference.runtimes.catalogue import make_runtime, why_not
from app.repository.manifest import RUNTIMES, RuntimeName
from app.types import Runtime

AGREEMENT_ROWS = 64


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is measured: each of `runtimes` on each of `threads`, in batches of each of `batches` rows, the pair for so
    many `seconds` in all.

    `make` is how a runtime of that name is made on so many threads, `refusal` why it cannot be, as the catalogue says.
    """

    runtimes: tuple[RuntimeName, ...] = RUNTIMES
    threads: tuple[int, ...] = (1,)
    batches: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64)
    seconds: float = 3.0
    make: Callable[[RuntimeName, int], Runtime] = make_runtime
    refusal: Callable[[RuntimeName, Path], str | None] = why_not

    @property
    def rows(self) -> int:
        """How many rows are needed."""
        return max(*self.batches, AGREEMENT_ROWS)
