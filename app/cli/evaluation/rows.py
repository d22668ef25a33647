"""The labelled rows that a user names, fit for a model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.cli.evaluation.served import Served
from app.labelled.columns import Columns
from app.labelled.errors import DataInvalid
from app.labelled.reading import Labelled, read_labelled, without
from app.labelled.targets import targets_of
from app.types import Array


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: those of `data`, less those whose content `exclude` has; `meanings` says what labels stand for."""

    data: Path
    columns: Columns = field(default_factory=Columns)
    meanings: Mapping[str, str] = field(default_factory=dict)
    exclude: Path | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows to ask a model, with their true labels' positions (rows,)."""

    rows: Labelled
    targets: Array


def read_rows(wanted: Wanted, served: Served) -> Asked:
    """Read the rows; raises `DataError` where they cannot be used, or are not what the model takes."""
    rows = read_labelled(wanted.data, wanted.columns)
    if wanted.exclude is not None:
        rows = without(rows, read_labelled(wanted.exclude, wanted.columns), wanted.exclude.name)
    if rows.is_text != served.is_text:
        kinds = ("texts", "pictures") if served.is_text else ("pictures", "texts")
        raise DataInvalid(f"expected {kinds[0]} for {served.name}; received {kinds[1]} in {wanted.data}")
    return Asked(rows, targets_of(rows.labels, rows.places, served.labels, wanted.meanings))
