"""Which columns of a table hold the texts and the labels: named by the user, or known by their usual names."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.labelled.errors import DataInvalid, RowInvalid
from app.labelled.records import open_table
from app.labelled.rows import LabelledTexts, gather
from app.nearest import nearest_hint

TEXT_NAMES = ("text", "review", "sentence", "content", "comment")
LABEL_NAMES = ("label", "class", "category", "sentiment", "target")
"""Taken in this order, whatever their case, where no column is named."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns to read: those of `text` are joined with a space; empty and None stand for the usual names.

    Columns called by whole numbers are counted from 1; then the first line holds a row, no names.
    """

    text: tuple[str, ...] = ()
    label: str | None = None

    @property
    def has_header(self) -> bool:
        """Whether the file's first line names its columns."""
        named = [*self.text, *([] if self.label is None else [self.label])]
        return not named or not all(name.isdecimal() for name in named)


def read_texts(path: Path, columns: Columns) -> LabelledTexts:
    """The labelled texts of a table; raises `DataInvalid` for a lacking column, which names those that are there.

    A row with another number of columns is a counted problem; a file of mostly such rows is an error.
    """
    names, records = open_table(path, has_header=columns.has_header)
    texts = [_place(path, names, name, "--text-column") for name in columns.text] or [_usual(path, names, "text")]
    label = _usual(path, names, "label") if columns.label is None else _named_label(path, names, columns.label)

    def parse(fields: list[str]) -> tuple[str, str]:
        if len(fields) != len(names):
            raise RowInvalid(f"expected {len(names)} columns; received {len(fields)}")
        return " ".join(fields[place] for place in texts), fields[label].strip()

    return gather(path, records, parse)


def _named_label(path: Path, names: Sequence[str], name: str) -> int:
    return _place(path, names, name, "--label-column")


def _place(path: Path, names: Sequence[str], name: str, option: str) -> int:
    """Where the named column stands."""
    if name in names:
        return names.index(name)
    hint = nearest_hint(name, names)
    raise DataInvalid(f"expected a column {name!r} ({option}) in {path}; received {_told(names)}{hint}")


def _usual(path: Path, names: Sequence[str], meaning: str) -> int:
    """Where a column of one of the usual names stands."""
    usual = TEXT_NAMES if meaning == "text" else LABEL_NAMES
    lowered = [name.casefold() for name in names]
    for name in usual:
        if name in lowered:
            return lowered.index(name)
    raise DataInvalid(
        f"expected a column {', '.join(usual[:-1])} or {usual[-1]} in {path}; received {_told(names)}; "
        f"name it with --{meaning}-column"
    )


def _told(names: Sequence[str]) -> str:
    """The columns that are there, cut where a whole text was taken for a name."""
    return ", ".join(repr(name[:40]) for name in names[:20]) or "none"
