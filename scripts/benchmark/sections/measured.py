"""What one server came to under closed loops."""

import statistics
from dataclasses import dataclass, field

from scripts.benchmark.wrk import Run


@dataclass(frozen=True, slots=True)
class Measured:
    """A server's runs by number of connections, one run per round, and its processes' memory in MiB after them all."""

    name: str
    ready_seconds: float
    runs: dict[int, list[Run]] = field(default_factory=dict)
    pss_mib: list[float] = field(default_factory=list)

    def each(self, connections: int, figure: str) -> list[float]:
        """That figure of every round."""
        return [getattr(run, figure) for run in self.runs[connections]]

    def median(self, connections: int, figure: str) -> float:
        """That figure's median over the rounds."""
        return statistics.median(self.each(connections, figure))

    def errors(self, *connections: int) -> int:
        """What failed in these runs."""
        return sum(run.errors for count in connections for run in self.runs[count])
