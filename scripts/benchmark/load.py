"""Closed-loop load from `horngate bench`'s generator: each of so many callers asks again as soon as it is answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from app.bench.fleet import Fleet, Watch
from app.bench.request import Body, Target, make_load
from app.bench.step import Step
from app.bench.tally import Counts
from scripts.benchmark.processes import Server

WARMUP_SECONDS = 0.2
TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Run:
    """What one run measured: answers per second, latencies in milliseconds, the server's CPU time per answer."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    errors: int

    @classmethod
    def of(cls, counts: Counts, cpu_seconds: float) -> "Run":
        """The figures of one step; whatever was not answered with 2xx is an error."""
        accepted = sum(number for status, number in counts.statuses.items() if 200 <= status < 300)
        return cls(
            rate=counts.answered / counts.seconds if counts.seconds else 0.0,
            p50_ms=1e3 * counts.accepted.percentile(50),
            p99_ms=1e3 * counts.accepted.percentile(99),
            cpu_us=1e6 * cpu_seconds / max(counts.answered, 1),
            errors=counts.due - accepted,
        )


class Loader:
    """A generator process that loads one server, from `with` until its end."""

    def __init__(self, server: Server, body: Mapping[str, object]) -> None:
        self.server = server
        content = json.dumps(body, ensure_ascii=False).encode()
        self._fleet = Fleet(make_load(Target.parse(server.url), [Body(content, "application/json")]))

    def __enter__(self) -> Self:
        """Start the process."""
        self._fleet.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it."""
        self._fleet.__exit__(kind, error, traceback)

    def run(self, connections: int, seconds: float) -> Run:
        """Load the server once; Ctrl-C ends the benchmark."""
        cpu = [0.0, 0.0]

        def opened() -> None:
            cpu[0] = self.server.cpu_seconds()

        def closed() -> None:
            cpu[1] = self.server.cpu_seconds()

        step = Step(connections, None, seconds, WARMUP_SECONDS, TIMEOUT_SECONDS)
        counts = self._fleet.run(step, Watch(opened=opened, closed=closed))
        if self._fleet.was_interrupted:
            raise KeyboardInterrupt
        return Run.of(counts, cpu[1] - cpu[0])
