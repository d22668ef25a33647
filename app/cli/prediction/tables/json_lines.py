"""A JSON object on each line."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

from app.cli.prediction.tables.chunk import Chunk, Row, in_chunks
from app.cli.prediction.tables.lines import Line, Lines
from app.labelled.errors import DataInvalid


class JsonLines(Lines):
    """A table whose columns are the keys of the first line's object; other rows may have others."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        lines = (line for line in self if line.text.strip() or line.problem)
        with ExitStack() as stack:
            stack.callback(self.close)
            row = _row(next(lines, Line("", 1, "it is empty")))
            if row.problem:
                raise DataInvalid(f"expected a JSON object on each line of {path}; {row.problem}")
            stack.pop_all()
        self._rows = chain([row], map(_row, lines))
        self.columns = tuple(row.fields)

    def chunks(self, skip: int) -> Iterator[Chunk]:
        """All rows but the first `skip`, once; empty lines are none."""
        return in_chunks(self._rows, skip)


def _row(line: Line) -> Row:
    """A line's object; what is none has no columns."""
    if line.problem:
        return Row({}, line.problem)
    try:
        value = json.loads(line.text)
    except (ValueError, RecursionError) as error:
        return Row({}, f"line {line.number}: not JSON ({error})")
    if not isinstance(value, dict):
        return Row({}, f"line {line.number}: expected a JSON object; received another value")
    return Row(value)
