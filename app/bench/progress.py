"""A bar on the terminal's standard error while the load runs; nothing where that is no terminal."""

import sys
from contextlib import ExitStack
from time import monotonic
from types import TracebackType
from typing import Any, Self

import click

from app.bench.step import Step

TICKS_PER_SECOND = 10


class Progress:
    """Shows how much of all steps' time has passed, which step runs, and how many requests of it have ended."""

    def __init__(self, steps: list[Step]) -> None:
        self._length = sum(_ticks(step) for step in steps)
        self._stack = ExitStack()
        self._bar: Any = None
        self._before = 0
        self._step: Step | None = None
        self._started = 0.0

    def __enter__(self) -> Self:
        """Show the bar."""
        if sys.stderr.isatty():
            bar = click.progressbar(length=self._length, file=sys.stderr, item_show_func=_ended, width=24)
            self._bar = self._stack.enter_context(bar)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave it as it stands."""
        self._stack.__exit__(kind, error, traceback)

    def begin(self, step: Step) -> None:
        """A step begins."""
        self._step, self._started = step, monotonic()
        if self._bar is not None:
            self._bar.label = step.name
            self._bar.render_progress()

    def progressed(self, ended: int) -> None:
        """So many of the step's requests have ended."""
        if self._step is not None:
            passed = int((monotonic() - self._started) * TICKS_PER_SECOND)
            self._show(self._before + min(passed, _ticks(self._step)), ended)

    def end(self) -> None:
        """The step is over."""
        if self._step is not None:
            self._before += _ticks(self._step)
            self._show(self._before, None)

    def _show(self, ticks: int, ended: int | None) -> None:
        """Move the bar there."""
        if self._bar is not None:
            self._bar.update(max(ticks - self._bar.pos, 0), ended)


def _ticks(step: Step) -> int:
    """The step's length in tenths of a second, without what its last requests may take."""
    return round((step.warmup_seconds + step.seconds) * TICKS_PER_SECOND)


def _ended(count: int | None) -> str:
    """What stands beside the bar."""
    return "" if count is None else f"{count:,} requests"
