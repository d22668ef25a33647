"""`horngate compare`: its options, as click reads them."""

from functools import partial
from pathlib import Path

import click

from app.cli.options import OUTPUT
from app.cli.rows import DATA, rows_options
from app.repository.manifest import RuntimeName


@click.command()
@click.argument("first")
@click.argument("second")
@click.argument("data", type=DATA)
@rows_options
@click.option("--output", type=OUTPUT, help="Write the rows on which the two differ to this CSV file.")
def compare(
    *,
    first: str,
    second: str,
    data: Path,
    text_column: tuple[str, ...],
    label_column: str | None,
    labels: dict[str, str],
    without: Path | None,
    runtime: RuntimeName | None,
    models_dir: Path,
    as_json: bool,
    output: Path | None,
) -> None:
    """Tell whether two models differ on the same labelled rows by more than chance.

    FIRST and SECOND are named as for `horngate evaluate`, DATA is read as there. Shows the accuracy of each, their
    difference with its interval, McNemar's exact test, the rows on which they differ, and what a row costs.
    """
    from app.cli.comparison.output import differing_csv, to_json  # noqa: PLC0415  # as in calibrate
    from app.cli.comparison.session import run_comparison  # noqa: PLC0415  # the same
    from app.cli.comparison.table import report_text  # noqa: PLC0415  # the same
    from app.cli.ending import Forms, run_to_end  # noqa: PLC0415  # the same
    from app.cli.evaluation.rows import Wanted  # noqa: PLC0415  # the same
    from app.labelled.columns import Columns  # noqa: PLC0415  # the same

    wanted = Wanted(data, Columns(text_column, label_column), labels, without)
    run = partial(run_comparison, models_dir, (first, second), wanted, runtime)
    run_to_end(run, Forms(report_text, to_json, differing_csv), output, as_json=as_json)
