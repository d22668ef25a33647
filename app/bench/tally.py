"""What one worker counts of one step, and what the workers' counts add up to."""

from collections import Counter
from dataclasses import dataclass, field

from app.bench.histogram import Histogram


@dataclass(slots=True)
class Counts:
    """The figures of one step.

    `accepted`, `refused`, `statuses`, `errors` and `timeouts` are of the requests that were due in the window, whenever
    they ended; `answered`, `good` and `rows` of the answers that came in the window. A request that timed out stands in
    `accepted` with the time it waited, so that a stall cannot hide.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    retry_after: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    timeouts: int = 0
    accepted: Histogram = field(default_factory=Histogram)
    refused: Histogram = field(default_factory=Histogram)
    send_delay: Histogram = field(default_factory=Histogram)
    due: int = 0
    answered: int = 0
    good: int = 0
    rows: int = 0
    opened: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def merge(self, other: "Counts") -> None:
        """Add another worker's."""
        for name in ("statuses", "retry_after", "errors"):
            getattr(self, name).update(getattr(other, name))
        for name in ("accepted", "refused", "send_delay"):
            getattr(self, name).merge(getattr(other, name))
        for name in ("timeouts", "due", "answered", "good", "rows", "opened", "cpu_seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.seconds = max(self.seconds, other.seconds)


class Window:
    """When what is sent and answered counts: from `start` to `end`, on the monotonic clock."""

    __slots__ = ("end", "start")

    def __init__(self, start: float, seconds: float) -> None:
        self.start = start
        self.end = start + seconds

    def close(self, now: float) -> None:
        """End now, where it has not ended."""
        self.end = min(self.end, now)

    @property
    def seconds(self) -> float:
        """Its length; 0 where it was closed before it began."""
        return max(self.end - self.start, 0.0)


class Tally:
    """Counts as the answers come; every method takes the request's `due` time, from which its latency runs."""

    def __init__(self, window: Window, rows_per_request: int, deadline_seconds: float | None) -> None:
        self.counts = Counts()
        self.ended = 0
        self._window = window
        self._rows = rows_per_request
        self._deadline = float("inf") if deadline_seconds is None else deadline_seconds

    def answered(self, due: float, now: float, status: int, *, has_retry_after: bool) -> None:
        """An answer came."""
        self.ended += 1
        counts, window, latency = self.counts, self._window, now - due
        is_accepted = 200 <= status < 300
        if window.start <= now < window.end:
            counts.answered += 1
            if is_accepted:
                counts.rows += self._rows
                counts.good += latency <= self._deadline
        if due < window.start:
            return
        counts.due += 1
        counts.statuses[status] += 1
        if has_retry_after:
            counts.retry_after[status] += 1
        (counts.accepted if is_accepted else counts.refused).record(latency)

    def timed_out(self, due: float, now: float) -> None:
        """No answer came in time."""
        self.ended += 1
        if due >= self._window.start:
            self.counts.due += 1
            self.counts.timeouts += 1
            self.counts.accepted.record(now - due)

    def failed(self, due: float, kind: str) -> None:
        """The request could not be sent, or its connection broke."""
        self.ended += 1
        if due >= self._window.start:
            self.counts.due += 1
            self.counts.errors[kind] += 1

    def sent(self, due: float, now: float) -> None:
        """A request went out on a connection that was free, so long after it was due."""
        if due >= self._window.start:
            self.counts.send_delay.record(now - due)
