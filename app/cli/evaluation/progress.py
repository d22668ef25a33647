"""A bar with the time to come on the terminal's standard error; nothing where that is no terminal."""

import sys
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import click


class Progress:
    """Shows how many of so many rows are done, and how long the others will take."""

    def __init__(self, label: str, rows: int) -> None:
        self._label = label
        self._rows = rows
        self._stack = ExitStack()
        self._bar: Any = None

    def __enter__(self) -> Self:
        """Show the bar."""
        if sys.stderr.isatty():
            bar = click.progressbar(length=self._rows, label=self._label, file=sys.stderr, width=24, show_pos=True)
            self._bar = self._stack.enter_context(bar)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave it as it stands."""
        self._stack.__exit__(kind, error, traceback)

    def did(self, rows: int) -> None:
        """So many more rows are done."""
        if self._bar is not None:
            self._bar.update(rows)
