"""What one step came to: the figures that tables, JSON and charts show."""

from dataclasses import dataclass
from typing import Any

from app.bench.histogram import Histogram
from app.bench.step import Step
from app.bench.tally import Counts

PERCENTILES = (50.0, 90.0, 99.0, 99.9)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One step and its counts; `server_cpu_seconds` is what the server's processes spent in the measured window."""

    step: Step
    counts: Counts
    rows: int
    server_cpu_seconds: float | None = None

    @property
    def rate(self) -> float:
        """Answers per second, of whatever status."""
        return self._per_second(self.counts.answered)

    @property
    def goodput(self) -> float:
        """2xx answers per second, within the deadline where there is one."""
        return self._per_second(self.counts.good)

    @property
    def rows_rate(self) -> float:
        """Inputs per second that were answered with 2xx."""
        return self._per_second(self.counts.rows)

    @property
    def own_cpu_us(self) -> float | None:
        """The generator's CPU time per answer, in microseconds; None where nothing was answered."""
        return 1e6 * self.counts.cpu_seconds / self.counts.answered if self.counts.answered else None

    @property
    def own_cores(self) -> float:
        """How many cores the generator kept busy."""
        return self._per_second(self.counts.cpu_seconds)

    @property
    def server_cpu_us(self) -> float | None:
        """The server's CPU time per answer, in microseconds; None where it was not watched, or nothing was answered."""
        if self.server_cpu_seconds is None or not self.counts.answered:
            return None
        return 1e6 * self.server_cpu_seconds / self.counts.answered

    @property
    def refusals(self) -> int:
        """Answers other than 2xx."""
        return sum(number for status, number in self.counts.statuses.items() if not 200 <= status < 300)

    @property
    def errors(self) -> int:
        """Requests that had no answer because a connection failed."""
        return self.counts.errors.total()

    @property
    def is_clean(self) -> bool:
        """Whether every request was answered with 2xx, and in time."""
        return not (self.refusals or self.errors or self.counts.timeouts)

    def latency_ms(self, percent: float) -> float:
        """A percentile of what was accepted (2xx, and what timed out), in milliseconds; 100 is the longest."""
        return 1e3 * self.counts.accepted.percentile(percent)

    def to_json(self) -> dict[str, Any]:
        """Every figure, in milliseconds, microseconds and per second as its name says."""
        counts, step = self.counts, self.step
        return {
            "name": step.name,
            "loop": "closed" if step.rate is None else "open",
            "connections": step.connections,
            "offered_per_second": step.rate,
            "seconds": round(counts.seconds, 3),
            "requests_due": counts.due,
            "requests_per_second": round(self.rate, 1),
            "rows_per_second": round(self.rows_rate, 1),
            "goodput_per_second": round(self.goodput, 1),
            "latency_ms": {**_milliseconds(counts.accepted), "mean": round(1e3 * counts.accepted.mean, 4)},
            "refused_latency_ms": _milliseconds(counts.refused) if counts.refused.count else None,
            "send_delay_ms": _milliseconds(counts.send_delay) if counts.send_delay.count else None,
            "statuses": {str(status): number for status, number in sorted(counts.statuses.items())},
            "with_retry_after": {str(status): number for status, number in sorted(counts.retry_after.items())},
            "errors": dict(counts.errors),
            "timeouts": counts.timeouts,
            "connections_opened": counts.opened,
            "generator_cpu_us_per_request": _rounded(self.own_cpu_us),
            "generator_cores": round(self.own_cores, 3),
            "server_cpu_us_per_request": _rounded(self.server_cpu_us),
        }

    def _per_second(self, amount: float) -> float:
        """Over the window; 0 where it never opened."""
        return amount / self.counts.seconds if self.counts.seconds else 0.0


def _rounded(value: float | None) -> float | None:
    """To a tenth, where there is a value."""
    return None if value is None else round(value, 1)


def _milliseconds(histogram: Histogram) -> dict[str, float]:
    """The usual percentiles."""
    figures = {f"p{percent:g}": round(1e3 * histogram.percentile(percent), 4) for percent in PERCENTILES}
    return {**figures, "max": round(1e3 * histogram.highest, 4)}
