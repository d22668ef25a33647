"""`horngate calibrate`: its options, as click reads them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.bench.command import INTERRUPTED, SECONDS, list_of
from app.cli.options import OUTPUT, model_options
from app.repository.manifest import RUNTIMES, RuntimeName

if TYPE_CHECKING:
    from app.cli.calibration.session import Outcome


@click.command()
@click.argument("model")
@click.option(
    "--threads", callback=list_of(click.IntRange(1, 256)), help="Threads to measure with: 1,2; one if absent."
)
@click.option("--batches", callback=list_of(click.IntRange(1, 4096)), help="Batch sizes: 1,2,4; to 64 if absent.")
@click.option(
    "--runtimes",
    callback=list_of(click.Choice(RUNTIMES)),
    help=f"Runtimes to measure, of {','.join(RUNTIMES)}; all that are installed if absent.",
)
@click.option("--seconds", type=SECONDS, default=3.0, help="For each runtime and thread number.", show_default=True)
@click.option("--plot", type=OUTPUT, help="Write table and plot to this HTML file.")
@click.option("--dry-run", is_flag=True, help="Measure, but leave the manifest as it is.")
@model_options
def calibrate(
    *,
    model: str,
    models_dir: Path,
    threads: tuple[int, ...],
    batches: tuple[int, ...],
    runtimes: tuple[RuntimeName, ...],
    seconds: float,
    as_json: bool,
    plot: Path | None,
    dry_run: bool,
) -> None:
    """Find how a model runs best on this machine, and write that plan to its manifest.

    MODEL is a name, of which the newest version is taken, or name/version. Every runtime that is installed here, or
    named, and gives the same answers as TensorFlow is timed over batch sizes, on rows of the model's own kind. A
    running server goes on as it is; the next start follows the plan.
    """
    from app.cli.calibration.output import to_json, write_page  # noqa: PLC0415  # the other commands need no runtime
    from app.cli.calibration.session import run_calibration  # noqa: PLC0415  # the same
    from app.cli.calibration.table import report_text  # noqa: PLC0415  # the same
    from app.inference.calibration.conditions import Conditions  # noqa: PLC0415  # the same

    given: dict[str, Any] = {
        "runtimes": tuple(dict.fromkeys(runtimes)),
        "threads": tuple(dict.fromkeys(threads)),
        "batches": tuple(sorted(set(batches))),
    }
    conditions = Conditions(seconds=seconds, **{name: values for name, values in given.items() if values})
    try:
        outcome: Outcome = run_calibration(models_dir, model, conditions, is_dry=dry_run)
    except KeyboardInterrupt:
        click.echo("horngate: interrupted; nothing was written", err=True)
        sys.exit(INTERRUPTED)
    click.echo(to_json(outcome) if as_json else report_text(outcome))
    if plot is not None:
        write_page(outcome, plot)
