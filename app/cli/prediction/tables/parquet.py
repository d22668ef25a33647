"""Apache Parquet, read by row groups; needs pyarrow, which only who has such files installs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.cli.prediction.tables.chunk import CHUNK_ROWS, Chunk, Row
from app.labelled.errors import DataInvalid

NEEDED = "Parquet needs pyarrow; install it with: pip install 'horngate[parquet]'"


def import_arrow() -> Any:
    """The package pyarrow, with its Parquet module; raises `DataInvalid` where it is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415  # only for Parquet
        import pyarrow.parquet  # noqa: PLC0415  # the same
    except ImportError:
        raise DataInvalid(NEEDED) from None
    return pa


class ParquetTable:
    """A Parquet file; its size and position are rows."""

    def __init__(self, path: Path) -> None:
        self._arrow = import_arrow()
        self._path = path
        try:
            self._file = self._arrow.parquet.ParquetFile(path)
        except (OSError, self._arrow.ArrowException) as error:
            raise DataInvalid(f"{path} is damaged, cut short or no Parquet file ({error})") from None
        self.schema = self._plain(self._file.schema_arrow)
        self.columns: tuple[str, ...] = tuple(self.schema.names)
        self.size: int = self._file.metadata.num_rows
        self.position = 0

    def chunks(self, skip: int) -> Iterator[Chunk]:
        """All rows but the first `skip`, once."""
        try:
            for batch in self._file.iter_batches(batch_size=CHUNK_ROWS):
                first = min(max(skip - self.position, 0), batch.num_rows)
                self.position += batch.num_rows
                if first < batch.num_rows:
                    yield self._chunk(batch.slice(first))
        except (OSError, self._arrow.ArrowException) as error:
            raise DataInvalid(f"{self._path} is damaged or cut short ({error})") from None

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _chunk(self, batch: Any) -> Chunk:
        """A batch with its rows as Python's values."""
        arrow = self._arrow
        typed = arrow.record_batch(
            [column.cast(kind) for column, kind in zip(batch.columns, self.schema.types, strict=True)],
            schema=self.schema,
        )
        return Chunk([Row(fields) for fields in self._readable(typed).to_pylist()], typed)

    def _plain(self, schema: Any) -> Any:
        """The schema with every dictionary column as what its values are."""
        types = self._arrow.types
        fields = [
            field.with_type(field.type.value_type) if types.is_dictionary(field.type) else field for field in schema
        ]
        return self._arrow.schema(fields)

    def _readable(self, batch: Any) -> Any:
        """The batch with times in nanoseconds, which Python has not, as text."""
        arrow = self._arrow
        columns = [
            column.cast(arrow.string()) if getattr(column.type, "unit", None) == "ns" else column
            for column in batch.columns
        ]
        return arrow.record_batch(columns, names=batch.schema.names)
