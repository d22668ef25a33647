"""`horngate predict`: its options, as click reads them."""

import json
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.bench.command import INTERRUPTED
from app.cli.options import OUTPUT, asking_options, names_between_commas

if TYPE_CHECKING:
    from app.cli.prediction.model import Asker
    from app.cli.prediction.output.file import Start

SOME_FAILED = 1
"""Exit code where a row has no answer."""


@click.command()
@click.argument("model")
@click.argument("given", metavar="[TEXT | IMAGE | FILE]", required=False)
@click.option("--column", callback=names_between_commas, help="The input's column, or several to join: title,text.")
@click.option("--out", type=OUTPUT, help="Where a file's answers go: .jsonl, .csv or .parquet; next to it if absent.")
@click.option("--prefix", default="", help="What the answers' columns begin with, where a name is taken.")
@click.option("--resume", is_flag=True, help="Go on where an interrupted run stopped.")
@click.option("--force", is_flag=True, help="Write over what is there.")
@asking_options
def predict(
    *,
    model: str,
    given: str | None,
    column: tuple[str, ...],
    out: Path | None,
    prefix: str,
    resume: bool,
    force: bool,
    models_dir: Path,
    as_json: bool,
    url: str | None,
) -> None:
    """Ask a model about a text, a picture, or a whole file of them.

    MODEL is a name, or name/version. It is asked a text, an image file, or a row of tensors as JSON; - reads one from
    standard input. A table (.csv, .tsv, .jsonl, .parquet) or a folder of images is asked row by row: the answers stand
    beside its columns in a file of their own, and a row that fails has its error there. Runs in this process, by the
    code that serves, unless a server is named.
    """
    from app.cli.prediction.given import STANDARD_INPUT, file_of  # noqa: PLC0415  # as in calibrate

    if resume and force:
        raise click.UsageError("expected --resume or --force; received both")
    if given is None:
        if is_terminal():
            raise click.UsageError(
                f"expected what to ask; try: horngate predict {model} 'A text, or the path of a file'"
            )
        given = STANDARD_INPUT
    data = file_of(given)
    if data is None:
        if out or column or resume or force or prefix:
            raise click.UsageError("--out, --column, --prefix, --resume and --force go with a file or a folder")
        _predict_one(model, given, models_dir, url, as_json=as_json)
        return
    start: Start = "resume" if resume else "force" if force else "new"
    _predict_file(model, data, (out, column, prefix, start), models_dir, url, as_json=as_json)


def is_terminal() -> bool:
    """Whether standard input is somebody who types."""
    return sys.stdin.isatty()


def _predict_one(model: str, given: str, models_dir: Path, url: str | None, *, as_json: bool) -> None:
    """Ask one input, and print its answer."""
    from app.cli.prediction.given import one_of  # noqa: PLC0415  # as above
    from app.cli.prediction.model import Failed  # noqa: PLC0415  # the same
    from app.cli.prediction.showing import answer_json, answer_text  # noqa: PLC0415  # the same
    from app.labelled.errors import DataInvalid  # noqa: PLC0415  # the same

    with _asker(model, models_dir, url, is_bulk=False) as asker:
        (told,) = asker.ask([one_of(given, asker.model)])
    if isinstance(told, Failed):
        raise DataInvalid(told.reason)
    click.echo(answer_json(asker.model, told) if as_json else answer_text(asker.model, told))


def _predict_file(
    model: str,
    data: Path,
    how: "tuple[Path | None, tuple[str, ...], str, Start]",
    models_dir: Path,
    url: str | None,
    *,
    as_json: bool,
) -> None:
    """Ask the rows of a file, and print what came of it."""
    from app.cli.prediction.session import (  # noqa: PLC0415  # as above
        Wanted,
        check_out,
        default_out,
        is_whole,
        predict_file,
    )
    from app.cli.prediction.showing import finished_json, finished_text  # noqa: PLC0415  # the same

    out, columns, prefix, start = how
    wanted = Wanted(data, out or default_out(data), columns, prefix, start)
    if start == "resume" and is_whole(wanted.out):
        click.echo(
            json.dumps({"out": str(wanted.out), "is_whole": True}) if as_json else f"{wanted.out} is whole already"
        )
        return
    check_out(wanted.out, start)
    with _asker(model, models_dir, url, is_bulk=True) as asker:
        finished = predict_file(asker, wanted)
    click.echo(finished_json(finished) if as_json else finished_text(finished))
    if not finished.is_whole:
        sys.exit(INTERRUPTED)
    if finished.failed:
        sys.exit(SOME_FAILED)


def _asker(model: str, models_dir: Path, url: str | None, *, is_bulk: bool) -> "AbstractContextManager[Asker]":
    """Who asks: this process, or a server."""
    if url is not None:
        from app.cli.prediction.remote import open_remote  # noqa: PLC0415  # as above

        return open_remote(url, model, is_bulk=is_bulk)
    from app.cli.prediction.local import open_local  # noqa: PLC0415  # as above

    return open_local(models_dir, model)
