"""What is measured: one step of load, closed or open loop, for so many seconds."""

from dataclasses import dataclass, replace
from typing import Literal

Spacing = Literal["poisson", "constant"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of load; it warms up first, and what was sent then is not counted.

    Closed loop where `rate` is None: `connections` callers, each of whom asks again as soon as it is answered. Open
    loop otherwise: `rate` requests per second are due whatever the answers do, over at most `connections`
    connections. `deadline_seconds` bounds what counts as good; it is not sent.
    """

    connections: int
    rate: float | None
    seconds: float
    warmup_seconds: float
    timeout_seconds: float
    spacing: Spacing = "poisson"
    deadline_seconds: float | None = None

    @property
    def name(self) -> str:
        """How tables and charts call it."""
        if self.rate is not None:
            return f"{self.rate:,.10g}/s"
        return f"{self.connections:,} connection{'s' if self.connections > 1 else ''}"

    @property
    def longest_seconds(self) -> float:
        """When the step is over at the latest: the last request may take until its timeout."""
        return self.warmup_seconds + self.seconds + self.timeout_seconds

    def shares(self, workers: int) -> list["Step"]:
        """The step, split among at most so many workers, each of which has at least one connection."""
        count = min(workers, self.connections)
        rate = None if self.rate is None else self.rate / count
        even, more = divmod(self.connections, count)
        return [replace(self, connections=even + (worker < more), rate=rate) for worker in range(count)]
