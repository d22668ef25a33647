"""What a load's progress bar shows."""

from time import monotonic
from types import TracebackType
from typing import Self

from app.bench.step import Step
from app.progress_bar import ProgressBar

TICKS_PER_SECOND = 10


class Progress:
    """Shows how much of all steps' time has passed, which step runs, and how many requests of it have ended."""

    def __init__(self, steps: list[Step]) -> None:
        self._bar = ProgressBar(sum(_ticks(step) for step in steps), item_show_func=_ended)
        self._before = 0
        self._step: Step | None = None
        self._started = 0.0

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bar.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave it as it stands."""
        self._bar.__exit__(kind, error, traceback)

    def begin(self, step: Step) -> None:
        """A step begins."""
        self._step, self._started = step, monotonic()
        self._bar.name(step.name)

    def progressed(self, ended: int) -> None:
        """So many of the step's requests have ended."""
        if self._step is not None:
            passed = int((monotonic() - self._started) * TICKS_PER_SECOND)
            self._bar.move_to(self._before + min(passed, _ticks(self._step)), ended)

    def end(self) -> None:
        """The step is over."""
        if self._step is not None:
            self._before += _ticks(self._step)
            self._bar.move_to(self._before)


def _ticks(step: Step) -> int:
    """The step's length in tenths of a second, without what its last requests may take."""
    return round((step.warmup_seconds + step.seconds) * TICKS_PER_SECOND)


def _ended(count: int | None) -> str:
    """What stands beside the bar."""
    return "" if count is None else f"{count:,} requests"
