"""A chunk of rows with its answers, as they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.cli.prediction.columns import Reader
from app.cli.prediction.model import Asker, Failed, Told
from app.cli.prediction.output.answers import AnswerColumns
from app.cli.prediction.output.formats import Format
from app.cli.prediction.tables.chunk import Chunk, Row
from app.labelled.errors import RowInvalid


@dataclass(frozen=True, slots=True)
class ChunkAsker:
    """What makes answers of chunks; `kept` are the rows' columns that the format has, None where it has any."""

    asker: Asker
    reader: Reader
    columns: AnswerColumns
    made: Format
    kept: Sequence[str] | None

    def answered(self, chunk: Chunk) -> tuple[bytes, list[str | None]]:
        """The chunk with its answers as they are written, and each row's error."""
        inputs = [self._input(row) for row in chunk.rows]
        good = [item for item in inputs if not isinstance(item, Failed)]
        answers = iter(self.asker.ask(good) if good else ())
        told: list[Told] = [item if isinstance(item, Failed) else next(answers) for item in inputs]
        values = [self.columns.values(one) for one in told]
        return self.made.encode(chunk, values), [one.reason if isinstance(one, Failed) else None for one in told]

    def _input(self, row: Row) -> Any:
        """What the row asks, or why it cannot."""
        problem = row.problem or self._lost(row)
        if problem:
            return Failed(problem)
        try:
            return self.reader(row.fields)
        except RowInvalid as error:
            return Failed(str(error))

    def _lost(self, row: Row) -> str:
        """What of the row could not be written."""
        for name in row.fields:
            if self.kept is not None and name not in self.kept:
                return f"has a column {name!r} that the first row has not; write .jsonl, which keeps it"
            if name in self.columns.names:
                return f"has a column {name!r}, which the answers have; name theirs otherwise: --prefix"
        return ""
