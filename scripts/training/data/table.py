"""A CSV file of labelled texts, its columns told by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.labelled.errors import DataInvalid, RowInvalid
from app.labelled.problems import Problem
from app.labelled.rows import LabelledTexts, Record, csv_records, gather


@dataclass(frozen=True, slots=True)
class Table:
    """Where a CSV file keeps what.

    `columns` names them all in order; those of `text` are joined with a space; `labels` turns what stands in the column
    `label` into the label's name; `has_header` says whether the first line repeats `columns`.
    """

    columns: tuple[str, ...]
    text: tuple[str, ...]
    label: str
    labels: Mapping[str, str]
    has_header: bool = True

    def read(self, path: Path) -> LabelledTexts:
        """The rows of the file; raises `DataInvalid` for another header or mostly broken rows."""
        records = csv_records(path)
        return gather(path, self._body(path, records) if self.has_header else records, self._parse)

    def _body(self, path: Path, records: Iterator[Record | Problem]) -> Iterator[Record | Problem]:
        first = next(records, None)
        if not isinstance(first, tuple) or tuple(first[1]) != self.columns:
            received = ",".join(first[1])[:100] if isinstance(first, tuple) else "none"
            raise DataInvalid(f"expected the header {','.join(self.columns)} in {path}; received {received!r}")
        return records

    def _parse(self, fields: list[str]) -> tuple[str, str]:
        if len(fields) != len(self.columns):
            raise RowInvalid(f"expected {len(self.columns)} columns; received {len(fields)}")
        row = dict(zip(self.columns, fields, strict=True))
        label = self.labels.get(row[self.label].strip())
        if label is None:
            raise RowInvalid(f"expected a label of {', '.join(self.labels)}; received {row[self.label][:40]!r}")
        return " ".join(row[column] for column in self.text), label
