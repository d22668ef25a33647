"""A bar on the terminal's standard error; nothing where that is no terminal."""

import sys
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import click

WIDTH = 24


class ProgressBar:
    """A bar of so many units; `options` are those of `click.progressbar`."""

    def __init__(self, length: int, **options: Any) -> None:
        self._length = length
        self._options = options
        self._stack = ExitStack()
        self._bar: Any = None

    def __enter__(self) -> Self:
        """Show it."""
        if sys.stderr.isatty():
            bar = click.progressbar(length=self._length, file=sys.stderr, width=WIDTH, **self._options)
            self._bar = self._stack.enter_context(bar)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave it as it stands."""
        self._stack.__exit__(kind, error, traceback)

    def name(self, label: str) -> None:
        """Say what is done now."""
        if self._bar is not None:
            self._bar.label = label
            self._bar.render_progress()

    def move_to(self, position: int, note: Any = None) -> None:
        """So many units are done, and no fewer than before; `note` is what `item_show_func` shows."""
        if self._bar is not None:
            self._bar.update(max(position - self._bar.pos, 0), note)
