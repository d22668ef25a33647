"""What tables are read as: chunks of rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, Protocol

CHUNK_ROWS = 512
"""So many are read, asked and written together: enough to fill batches of texts of every length."""


class Row(NamedTuple):
    """One row: what stands in its columns, and what is wrong with it."""

    fields: Mapping[str, Any]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows in a row; `arrow` is the same as pyarrow's RecordBatch where the file has types of its own."""

    rows: list[Row]
    arrow: Any = None


class Table(Protocol):
    """A file, or a folder, of rows; opened by who makes it, closed by who has it."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names; rows may lack some where the format lets them."""

    @property
    def size(self) -> int:
        """How much there is to read, in units of its own."""

    @property
    def position(self) -> int:
        """How much of it has been read."""

    @property
    def schema(self) -> Any:
        """The schema, pyarrow's, where the file has types of its own; else None."""

    def chunks(self, skip: int) -> Iterator[Chunk]:
        """All rows but the first `skip`, once."""

    def close(self) -> None:
        """Give the file back; safe to call twice."""


def in_chunks(rows: Iterable[Row], skip: int) -> Iterator[Chunk]:
    """Rows, but the first `skip`, in chunks."""
    iterator = islice(rows, skip, None)
    while part := list(islice(iterator, CHUNK_ROWS)):
        yield Chunk(part)
