"""A bar on the terminal's standard error while the runtimes are measured; nothing where that is no terminal."""

import sys
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import click

STEPS = 200


class Progress:
    """Shows what is done now, and how much of the timing has passed."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._bar: Any = None

    def __enter__(self) -> Self:
        """Show the bar."""
        if sys.stderr.isatty():
            bar = click.progressbar(length=STEPS, file=sys.stderr, width=24, show_pos=False, show_eta=False)
            self._bar = self._stack.enter_context(bar)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave it as it stands, full where nothing went wrong."""
        if kind is None:
            self.told("measured", 1.0)
        self._stack.__exit__(kind, error, traceback)

    def told(self, what: str, share: float) -> None:
        """What is done now, and how much of the timing is over, from 0 to 1."""
        if self._bar is not None:
            self._bar.label = what.ljust(26)
            self._bar.update(max(int(share * STEPS) - self._bar.pos, 0))
            self._bar.render_progress()
