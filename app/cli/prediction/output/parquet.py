"""Answers as Parquet: first a stream of Arrow's batches, to which rows can be added, and at the end the file of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.cli.prediction.output.answers import AnswerColumns
from app.cli.prediction.output.formats import json_text
from app.cli.prediction.tables.chunk import Chunk
from app.cli.prediction.tables.parquet import import_arrow
from app.types import TensorSpec

GROUP_ROWS = 65_536
"""Of a row group: so many are held in memory at the end."""


class ParquetFormat:
    """Columns that had types keep them; of a table of text they are texts, what else stood there being JSON."""

    def __init__(self, own: Sequence[str], schema: Any, columns: AnswerColumns) -> None:
        self._arrow = arrow = import_arrow()
        self._own = own
        self._is_typed = schema is not None
        fields = list(schema) if schema is not None else [arrow.field(name, arrow.string()) for name in own]
        self._types = self._answer_types(columns)
        added = [arrow.field(name, kind) for name, kind in zip(columns.names, self._types, strict=True)]
        self._schema = arrow.schema([*fields, *added])

    def head(self) -> bytes:
        """The schema's message."""
        return bytes(self._schema.serialize())

    def encode(self, chunk: Chunk, answers: Sequence[Sequence[Any]]) -> bytes:
        """A batch's message."""
        arrow = self._arrow
        told = [arrow.array([row[place] for row in answers], kind) for place, kind in enumerate(self._types)]
        batch = arrow.record_batch([*self._columns(chunk), *told], schema=self._schema)
        return bytes(batch.serialize())

    def finish(self, stream: Path, target: Path) -> None:
        """Make of the stream, read batch by batch, the file."""
        arrow = self._arrow
        with (
            arrow.OSFile(str(stream), "rb") as source,
            arrow.parquet.ParquetWriter(target, self._schema) as writer,
        ):
            held: list[Any] = []
            rows = 0
            for batch in arrow.ipc.open_stream(source):
                held.append(batch)
                rows += batch.num_rows
                if rows >= GROUP_ROWS:
                    writer.write_table(arrow.Table.from_batches(held, self._schema))
                    held, rows = [], 0
            writer.write_table(arrow.Table.from_batches(held, self._schema))

    def _columns(self, chunk: Chunk) -> list[Any]:
        """The rows' own columns."""
        if self._is_typed:
            return list(chunk.arrow.columns)
        arrow = self._arrow
        return [arrow.array([_text(row.fields.get(name)) for row in chunk.rows], arrow.string()) for name in self._own]

    def _answer_types(self, columns: AnswerColumns) -> list[Any]:
        """The types of the answers' columns."""
        arrow = self._arrow
        classes = [arrow.int64() if columns.is_digit else arrow.string()] if columns.labels else []
        shares = [arrow.float64()] * (len(columns.labels) + 1) if columns.labels else []
        return [*classes, *shares, *(self._tensor_type(spec) for spec in columns.outputs), arrow.string()]

    def _tensor_type(self, spec: TensorSpec) -> Any:
        """Lists as deep as a row of the tensor."""
        kind = self._arrow.string() if spec.dtype == "string" else self._arrow.from_numpy_dtype(spec.dtype)
        for _ in spec.shape[1:]:
            kind = self._arrow.list_(kind)
        return kind


def _text(value: Any) -> str | None:
    """A cell as text that can be encoded."""
    if value is None or isinstance(value, str):
        return value if value is None else value.encode(errors="replace").decode()
    return json_text(value)
