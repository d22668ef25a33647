"""The options that say which labelled rows a command reads."""

from pathlib import Path

import click

from app.cli.options import Command, model_options, names_between_commas
from app.repository.manifest import RUNTIMES

DATA = click.Path(path_type=Path, exists=True)


def _meanings(_context: click.Context, _parameter: click.Parameter, value: str | None) -> dict[str, str]:
    """Comma-separated pairs of what stands in the file and the model's label."""
    pairs = [pair.partition("=") for pair in value.split(",")] if value else []
    if any(not (equals and label.strip() and meaning.strip()) for label, equals, meaning in pairs):
        raise click.BadParameter(f"expected pairs such as 0=negative,1=positive; received {value!r}")
    return {label.strip(): meaning.strip() for label, _, meaning in pairs}


_OPTIONS = (
    click.option(
        "--text-column", callback=names_between_commas, help="The texts' column, or several to join: title,description."
    ),
    click.option("--label-column", help="The labels' column; whole numbers, from 1, where the file names no columns."),
    click.option("--labels", callback=_meanings, help="What the file's labels stand for: 0=negative,1=positive."),
    click.option("--without", type=DATA, help="Leave out the rows that this file of the same form has too."),
    click.option("--runtime", type=click.Choice(RUNTIMES), help="Run on this one instead of the plan's."),
    model_options,
)


def rows_options(command: Command) -> Command:
    """Give a command the options above."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
