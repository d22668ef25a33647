"""The formats of answers; each is written chunk by chunk, so that whatever was written can be gone on with."""

import base64
import csv
import io
import json
import math
from collections.abc import Sequence
from typing import Any, Protocol

from app.cli.prediction.output.answers import AnswerColumns
from app.cli.prediction.tables.chunk import Chunk


class Format(Protocol):
    """What makes the bytes of a file's rows; pure but for what the end needs."""

    def head(self) -> bytes:
        """What stands before the first row."""

    def encode(self, chunk: Chunk, answers: Sequence[Sequence[Any]]) -> bytes:
        """The rows of a chunk with their answers."""


class JsonLinesFormat:
    """An object on each line: the row's own columns, then those of the answer."""

    def __init__(self, columns: AnswerColumns) -> None:
        self._names = columns.names

    def head(self) -> bytes:
        """Nothing."""
        return b""

    def encode(self, chunk: Chunk, answers: Sequence[Sequence[Any]]) -> bytes:
        """A line for each row."""
        rows = zip(chunk.rows, answers, strict=True)
        return "".join(
            f"{json_text({**row.fields, **dict(zip(self._names, told, strict=True))})}\n" for row, told in rows
        ).encode(errors="replace")


class CsvFormat:
    """RFC 4180 with a line feed at each end; what is neither text nor number is JSON."""

    def __init__(self, own: Sequence[str], columns: AnswerColumns) -> None:
        self._own = own
        self._names = columns.names

    def head(self) -> bytes:
        """The columns' names."""
        return _csv([[*self._own, *self._names]])

    def encode(self, chunk: Chunk, answers: Sequence[Sequence[Any]]) -> bytes:
        """A record for each row."""
        return _csv(
            [_cell(row.fields.get(name)) for name in self._own] + [_cell(value) for value in told]
            for row, told in zip(chunk.rows, answers, strict=True)
        )


def json_text(value: Any) -> str:
    """A value as JSON in one line; a number that is none is null, bytes are base64."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, default=_plain)


def _csv(rows: Any) -> bytes:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(rows)
    return lines.getvalue().encode(errors="replace")


def _cell(value: Any) -> Any:
    """A value as a cell of CSV."""
    if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
        return value
    return json_text(value)


def _finite(value: Any) -> Any:
    """The same without numbers that JSON has not."""
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: Any) -> str:
    """What JSON has no type for, as text."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
