"""`horngate evaluate`: its options, as click reads them."""

from functools import partial
from pathlib import Path

import click

from app.cli.options import OUTPUT
from app.cli.rows import DATA, rows_options
from app.repository.manifest import RuntimeName


@click.command()
@click.argument("model")
@click.argument("data", type=DATA)
@rows_options
@click.option("--output", type=OUTPUT, help="Write each row's answer to this CSV file.")
def evaluate(
    *,
    model: str,
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
    """Measure a model on labelled rows, through the code that serves it.

    MODEL is a name, of which the version is taken that a server answers with, name/version, or a version's folder. DATA
    is a table of texts (.csv, .tsv, .jsonl, or .txt of text<TAB>label, also packed), a folder of images by class, or
    IDX images with their labels beside them. Ctrl-C ends it with the figures of the rows that were answered.
    """
    from app.cli.ending import Forms, run_to_end  # noqa: PLC0415  # as in calibrate
    from app.cli.evaluation.output import predictions_csv, to_json  # noqa: PLC0415  # the same
    from app.cli.evaluation.rows import Wanted  # noqa: PLC0415  # the same
    from app.cli.evaluation.session import run_evaluation  # noqa: PLC0415  # the same
    from app.cli.evaluation.table import report_text  # noqa: PLC0415  # the same
    from app.labelled.columns import Columns  # noqa: PLC0415  # the same

    wanted = Wanted(data, Columns(text_column, label_column), labels, without)
    run = partial(run_evaluation, models_dir, model, wanted, runtime)
    run_to_end(run, Forms(report_text, to_json, predictions_csv), output, as_json=as_json)
