"""The table that a path leads to."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.cli.prediction.tables.chunk import Table
from app.cli.prediction.tables.delimited import DelimitedTable
from app.cli.prediction.tables.folder import PictureFolder
from app.cli.prediction.tables.json_lines import JsonLines
from app.cli.prediction.tables.parquet import ParquetTable
from app.labelled.errors import DataInvalid

PACKINGS = (".gz", ".xz")
TABLES = (".csv", ".tsv", ".jsonl", ".parquet")


def form_of(path: Path) -> str:
    """The ending that tells a table's format, without the packing; empty for what is no table's."""
    name = path.name.lower()
    unpacked = next((name.removesuffix(packing) for packing in PACKINGS if name.endswith(packing)), name)
    return next((ending for ending in TABLES if unpacked.endswith(ending)), "")


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a table or a folder of pictures; closed at the end. Raises `DataInvalid` where it cannot be read."""
    with closing(_open(path)) as table:
        yield table


def _open(path: Path) -> Table:
    """The table, open."""
    if path.is_dir():
        return PictureFolder(path)
    match form_of(path):
        case ".csv":
            return DelimitedTable(path, is_quoted=True)
        case ".tsv":
            return DelimitedTable(path, is_quoted=False)
        case ".jsonl":
            return JsonLines(path)
        case ".parquet":
            return ParquetTable(path)
        case _:
            raise DataInvalid(f"expected a file that ends in {', '.join(TABLES)}; received {path}")
