"""What the user asked for, checked, and the steps that it comes to."""

from dataclasses import dataclass
from pathlib import Path

from app.bench.bodies import Kind
from app.bench.step import Spacing, Step


@dataclass(frozen=True, slots=True)
class Options:
    """One measurement; times are in seconds, rates per second.

    Closed-loop steps come first, one for each of `connections`; then an open-loop step for each of `rates`.
    """

    url: str = "http://127.0.0.1:8000"
    model: str | None = None
    connections: tuple[int, ...] = ()
    rates: tuple[float, ...] = ()
    spacing: Spacing = "poisson"
    max_connections: int = 1000
    seconds: float = 10.0
    warmup_seconds: float = 1.0
    timeout_seconds: float = 10.0
    deadline_seconds: float | None = None
    workers: int = 1
    kind: Kind | None = None
    rows: int = 1
    body: Path | None = None
    content_type: str = "application/json"
    texts: Path | None = None
    headers: tuple[tuple[str, str], ...] = ()
    with_limit: bool = False
    models: Path = Path("models")
    pid: int | None = None

    def steps(self) -> list[Step]:
        """Every step, in order."""
        closed = [self.step(connections) for connections in self.connections]
        return closed + [self.step(self.max_connections, rate) for rate in self.rates]

    def step(self, connections: int, rate: float | None = None) -> Step:
        """One step with these settings."""
        return Step(
            connections,
            rate,
            self.seconds,
            self.warmup_seconds,
            self.timeout_seconds,
            self.spacing,
            self.deadline_seconds,
        )
