"""How a command over labelled rows ends: its result written and printed, and an exit code that says if it is whole."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import click

from app.bench.command import INTERRUPTED
from app.cli.evaluation.output import write_file


class Found(Protocol):
    """What a command found; `is_whole` is false where Ctrl-C ended it before the last row."""

    @property
    def is_whole(self) -> bool:
        """Whether every row was asked."""


Result = TypeVar("Result", bound=Found)


@dataclass(frozen=True, slots=True)
class Forms(Generic[Result]):
    """What a result looks like: `text` for people, `json` for machines, `rows` as CSV for the file of `--output`."""

    text: Callable[[Result], str]
    json: Callable[[Result], str]
    rows: Callable[[Result], str]


def run_to_end(run: Callable[[], Result], forms: Forms[Result], output: Path | None, *, as_json: bool) -> None:
    """Run, write and print; after Ctrl-C with what was found until then, and exit code 130.

    Raises `DataError` where the file cannot be written.
    """
    try:
        found = run()
    except KeyboardInterrupt:
        click.echo("horngate: interrupted before the first row was answered", err=True)
        sys.exit(INTERRUPTED)
    if output is not None:
        write_file(output, forms.rows(found))
    click.echo(forms.json(found) if as_json else forms.text(found))
    if not found.is_whole:
        sys.exit(INTERRUPTED)
