"""`horngate models`: its commands and their options, as click reads them."""

import sys
from pathlib import Path
from typing import Any

import click

from app.bench.command import INTERRUPTED, SECONDS, list_of
from app.cli.group import NearestGroup
from app.cli.options import FOLDER, model_options
from app.repository.manifest import RUNTIMES, RuntimeName

BROKEN = 1
"""Exit code of a check that found something."""


@click.group(cls=NearestGroup)
def models() -> None:
    """Add a model of your own, and look after those that are there."""


@models.command()
@click.argument("path", type=FOLDER)
@click.option("--name", required=True, help="What clients will call it: /predict/NAME.")
@click.option("--version", type=click.IntRange(1, 10**18 - 1), help="The next one if absent.")
@click.option(
    "--task", type=click.Choice(["tensor", "digit"]), default="tensor", show_default=True, help="What it means."
)
@click.option(
    "--labels", help="A classifier's labels: a file of one a line, or between commas; labels.txt if it is there."
)
@click.option("--signature", help="Which of a SavedModel's signatures is served; serving_default if absent.")
@click.option(
    "--runtimes",
    callback=list_of(click.Choice(RUNTIMES)),
    help="Runtimes to measure; all that are installed if absent.",
)
@click.option("--seconds", type=SECONDS, default=3.0, show_default=True, help="Measuring time of each runtime.")
@model_options
def add(
    *,
    path: Path,
    name: str,
    version: int | None,
    task: Any,
    labels: str | None,
    signature: str | None,
    runtimes: tuple[RuntimeName, ...],
    seconds: float,
    models_dir: Path,
    as_json: bool,
) -> None:
    """Add a .keras file, a SavedModel's folder or an .onnx file as the next version of NAME.

    What is written is converted for the fastest runtimes, compared with PATH on rows made of its signature, and
    calibrated on this machine. The version appears whole or not at all. Servers serve it from their next start.
    """
    from app.cli.models.added import report_text, to_json  # noqa: PLC0415  # the other commands need no runtime
    from app.cli.models.adding import Wanted, add_model  # noqa: PLC0415  # the same
    from app.conversion.source import recognise  # noqa: PLC0415  # the same
    from app.inference.calibration.conditions import Conditions  # noqa: PLC0415  # the same

    wanted = Wanted(recognise(path, signature), name, version, task, labels)
    conditions = Conditions(runtimes=tuple(dict.fromkeys(runtimes)) or RUNTIMES, seconds=seconds)
    try:
        added = add_model(models_dir, wanted, conditions)
    except KeyboardInterrupt:
        click.echo("horngate: interrupted; nothing was written", err=True)
        sys.exit(INTERRUPTED)
    click.echo(to_json(added) if as_json else report_text(added))


@models.command("list")
@model_options
def list_(*, models_dir: Path, as_json: bool) -> None:
    """List every version: what it serves, its task, its runtime and its size."""
    from app.cli.models.listing import list_models, report_text, to_json  # noqa: PLC0415  # as in add

    listing = list_models(models_dir)
    click.echo(to_json(listing) if as_json else report_text(listing))


@models.command()
@click.argument("model")
@model_options
def show(*, model: str, models_dir: Path, as_json: bool) -> None:
    """Show a version's signature, plan, figures and card. MODEL is a name or name/version."""
    from app.cli.models.showing import report_text, show_model, to_json  # noqa: PLC0415  # as in add

    shown = show_model(models_dir, model)
    click.echo(to_json(shown) if as_json else report_text(shown))


@models.command()
@click.argument("model", required=False)
@model_options
def check(*, model: str | None, models_dir: Path, as_json: bool) -> None:
    """Check a version, or all: its files' hashes, its signature, and that every runtime says the same."""
    from app.cli.models.checking import check_models, report_text, to_json  # noqa: PLC0415  # as in add

    checked = check_models(models_dir, model)
    click.echo(to_json(checked) if as_json else report_text(checked))
    if any(one.problems for one in checked):
        sys.exit(BROKEN)


@models.command()
@click.argument("model")
@click.option("--yes", is_flag=True, help="Do not ask.")
@model_options
def remove(*, model: str, yes: bool, models_dir: Path, as_json: bool) -> None:
    """Remove a version, or a model with all its versions. MODEL is a name or name/version.

    Versions that serving.json names stay. A server that runs keeps what it has loaded until it ends.
    """
    from app.cli.models.removing import plan_removal, report_text, to_json  # noqa: PLC0415  # as in add
    from app.cli.models.removing import remove as take_away  # noqa: PLC0415  # the same

    removal = plan_removal(models_dir, model)
    if not yes:
        click.confirm(removal.question(), abort=True, err=True)
    take_away(removal)
    click.echo(to_json(removal) if as_json else report_text(removal))
