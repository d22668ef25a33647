"""A whole file asked: from its rows to the file of answers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from app.cli.prediction.chunks import ChunkAsker
from app.cli.prediction.columns import reader_of
from app.cli.prediction.model import Asker, Model
from app.cli.prediction.output.answers import AnswerColumns, answer_columns
from app.cli.prediction.output.file import AnswerFile, Places, Start, open_answers
from app.cli.prediction.output.formats import CsvFormat, Format, JsonLinesFormat
from app.cli.prediction.output.parquet import ParquetFormat
from app.cli.prediction.tables.chunk import Table
from app.cli.prediction.tables.opening import form_of, open_table
from app.errors import HorngateError
from app.labelled.errors import DataError, DataInvalid
from app.progress_bar import ProgressBar

OUTPUTS = (".jsonl", ".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked, in which of their columns the input stands, and where the answers go, called how."""

    data: Path
    out: Path
    columns: tuple[str, ...] = ()
    prefix: str = ""
    start: Start = "new"


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of it: of `rows`, of which `before` were there from an interrupted run, `failed` have an error.

    `reasons` says how many have each; `is_whole` is false where Ctrl-C ended it.
    """

    model: Model
    wanted: Wanted
    rows: int
    before: int
    failed: int
    reasons: dict[str, int]
    seconds: float
    is_whole: bool


def default_out(data: Path) -> Path:
    """The file of answers next to the data: of the same format where that can be, else CSV."""
    if data.is_dir():
        folder = data.resolve()
        return folder.with_name(f"{folder.name}.answers.csv")
    form = form_of(data)
    stem = data.name[: data.name.lower().rindex(form)]
    return data.with_name(f"{stem}.answers{form if form in OUTPUTS else '.csv'}")


def check_out(out: Path, start: Start) -> None:
    """Raise `DataInvalid` for another format than those that there are, and where something would be lost."""
    if out.suffix.lower() not in OUTPUTS:
        raise DataInvalid(f"expected --out to end in {', '.join(OUTPUTS)}; received {out}")
    Places(out).check(start)


def is_whole(out: Path) -> bool:
    """Whether the answers are there, and no run was interrupted on its way to them."""
    return out.exists() and not Places(out).is_interrupted


def predict_file(asker: Asker, wanted: Wanted) -> Finished:
    """Ask every row, and write its columns with its answer; Ctrl-C ends it with what there is.

    Raises `HorngateError` where the file or the model cannot be used, or there is no room for the answers: what was
    written stays, and a run with `start` resume goes on from there.
    """
    started = perf_counter()
    if wanted.data.is_dir() and asker.model.kind != "picture":
        raise DataInvalid(f"expected a table for {asker.model.place}; received the folder {wanted.data}")
    with open_table(wanted.data) as table:
        folder = wanted.data if wanted.data.is_dir() else wanted.data.parent
        reader = reader_of(asker.model, table.columns, wanted.columns, folder)
        columns = answer_columns(asker.model, table.columns, wanted.prefix)
        made = _format_of(wanted.out, table, columns)
        run = _identity(asker.model, wanted, table)
        with open_answers(Places(wanted.out), wanted.start, made.head(), run) as answers:
            before = answers.progress.rows
            kept = None if isinstance(made, JsonLinesFormat) else table.columns
            ended = _ask_all(ChunkAsker(asker, reader, columns, made, kept), table, answers)
            if ended:
                answers.finish(made.finish if isinstance(made, ParquetFormat) else None)
            progress = answers.progress
    seconds = perf_counter() - started
    return Finished(asker.model, wanted, progress.rows, before, progress.failed, progress.reasons, seconds, ended)


def _ask_all(asking: ChunkAsker, table: Table, answers: AnswerFile) -> bool:
    """Ask the rows that are left, and write them; false where Ctrl-C ended it."""
    try:
        with ProgressBar(table.size, label=asking.asker.model.place, show_percent=True) as bar:
            for chunk in table.chunks(answers.progress.rows):
                answers.write(*asking.answered(chunk))
                bar.move_to(table.position)
    except KeyboardInterrupt:
        answers.save()
        return False
    except HorngateError as error:
        kept = answers.progress.rows
        raise DataError(f"{error}; {kept:,} rows are written: go on with --resume") from None
    return True


def _format_of(out: Path, table: Table, columns: AnswerColumns) -> Format:
    """The format that the file's ending names."""
    match out.suffix.lower():
        case ".csv":
            return CsvFormat(table.columns, columns)
        case ".parquet":
            return ParquetFormat(table.columns, table.schema, columns)
        case _:
            return JsonLinesFormat(columns)


def _identity(model: Model, wanted: Wanted, table: Table) -> dict[str, Any]:
    """What must be the same for a run to be gone on with."""
    seen = wanted.data.stat()
    marks: Sequence[object] = (table.size, table.columns, "" if wanted.data.is_dir() else seen.st_mtime_ns)
    return {
        "model": model.place,
        "data": wanted.data.name,
        "content of the data": hashlib.blake2b(repr(marks).encode(), digest_size=8).hexdigest(),
        "columns": list(wanted.columns),
        "prefix": wanted.prefix,
    }
