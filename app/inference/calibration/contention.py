"""How long the measuring thread had to wait for a core: what is measured on a busy machine says little."""

from pathlib import Path

SCHEDULED = Path("/proc/thread-self/schedstat")
"""Linux's own count for this thread: nanoseconds that it ran, nanoseconds that it could have run but had to wait."""


class Contention:
    """Counts from when it is made."""

    def __init__(self, source: Path = SCHEDULED) -> None:
        self._source = source
        self._before = self._read()

    def share(self) -> float | None:
        """What part of the time in which it could have run the thread waited, 0 to 1; None where nobody counts."""
        before, now = self._before, self._read()
        if before is None or now is None:
            return None
        ran, waited = (late - early for early, late in zip(before, now, strict=True))
        return waited / max(ran + waited, 1)

    def _read(self) -> tuple[int, int] | None:
        """Nanoseconds that the thread ran and waited so far."""
        try:
            ran, waited = self._source.read_text(encoding="ascii").split()[:2]
            return int(ran), int(waited)
        except (OSError, ValueError):
            return None
