"""Tables of any format as records: a place and named fields, or what is wrong with the row."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.labelled.errors import DataInvalid
from app.labelled.files import short_name
from app.labelled.problems import Problem
from app.labelled.rows import Record, csv_records, decode, tab_records

PACKED = {".gz", ".xz", ".zip"}
FORMATS = (".csv", ".tsv", ".jsonl", ".txt")
"""What a table's name may end in, before the packing."""

Table = tuple[list[str], Iterator[Record | Problem]]
"""The columns' names, and the rows below them, their fields in the same order."""


def open_table(path: Path, *, has_header: bool) -> Table:
    """The table in a file; without a header the columns are called 1, 2 and so on.

    A `.txt` file has no header: its columns are `text` and `label`, what follows a line's last tab. Raises
    `DataInvalid` for another format, and for a file without a row.
    """
    kind = next((suffix.lower() for suffix in reversed(path.suffixes) if suffix not in PACKED), ".csv")
    if kind == ".jsonl":
        return _json_table(path)
    if kind == ".txt":
        return ["text", "label"], tab_records(path)
    if kind not in FORMATS:
        raise DataInvalid(f"expected {', '.join(FORMATS)} (plain, or packed as .gz, .xz or .zip); received {path.name}")
    records = csv_records(path) if kind == ".csv" else _tsv_records(path)
    first = next(records, None)
    if not isinstance(first, tuple):
        raise DataInvalid(f"expected a first row in {path}; received {first.reason if first else 'none'}")
    if has_header:
        return [name.strip() for name in first[1]], records
    return [str(number) for number in range(1, len(first[1]) + 1)], _with(first, records)


def _with(first: Record, others: Iterator[Record | Problem]) -> Iterator[Record | Problem]:
    yield first
    yield from others


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Each line that is not empty, and its place; only a line feed ends one."""
    for number, line in enumerate(decode(path).split("\n"), start=1):
        if line.strip():
            yield f"{short_name(path)}:{number}", line.removesuffix("\r")


def _tsv_records(path: Path) -> Iterator[Record | Problem]:
    for place, line in _lines(path):
        yield place, line.split("\t")


def _json_table(path: Path) -> Table:
    """One JSON object a line; the first one's keys are the columns."""
    objects = _json_objects(path)
    first = next(objects, Problem(short_name(path), "it has no lines"))
    if isinstance(first, Problem):
        raise DataInvalid(f"expected a JSON object on each line of {path}; {first.place}: {first.reason}")
    names = list(first[1])
    return names, _json_records(names, _json_values(first, objects))


def _json_values(
    first: tuple[str, dict[str, Any]], others: Iterator[tuple[str, dict[str, Any]] | Problem]
) -> Iterator[tuple[str, dict[str, Any]] | Problem]:
    yield first
    yield from others


def _json_objects(path: Path) -> Iterator[tuple[str, dict[str, Any]] | Problem]:
    for place, line in _lines(path):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Problem(place, f"not JSON: {error}")
            continue
        yield (place, value) if isinstance(value, dict) else Problem(place, "expected a JSON object")


def _json_records(
    names: list[str], objects: Iterator[tuple[str, dict[str, Any]] | Problem]
) -> Iterator[Record | Problem]:
    for found in objects:
        if isinstance(found, Problem):
            yield found
            continue
        place, value = found
        lacking = [name for name in names if name not in value]
        if lacking:
            yield Problem(place, f"lacks {', '.join(lacking)}")
        else:
            yield place, [_as_text(value[name]) for name in names]


def _as_text(value: Any) -> str:
    """A JSON value as a table's field: null is an empty one."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
