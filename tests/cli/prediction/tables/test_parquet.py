import builtins
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.cli.prediction.tables.chunk import CHUNK_ROWS
from app.cli.prediction.tables.parquet import ParquetTable
from app.labelled.errors import DataInvalid

MORNING = datetime(2026, 1, 1, 8, tzinfo=UTC)


def test_a_long_file_is_read_by_batches_from_any_row_on(tmp_path):
    rows = 2 * CHUNK_ROWS + 10
    pq.write_table(pa.table({"n": list(range(rows))}), tmp_path / "a.parquet", row_group_size=300)
    table = ParquetTable(tmp_path / "a.parquet")
    assert (table.size, table.columns) == (rows, ("n",))
    chunks = list(table.chunks(CHUNK_ROWS + 5))
    assert [row.fields["n"] for chunk in chunks for row in chunk.rows] == list(range(CHUNK_ROWS + 5, rows))
    assert sum(chunk.arrow.num_rows for chunk in chunks) == CHUNK_ROWS + 5
    assert table.position == rows
    table.close()


def test_categories_and_nanoseconds_can_be_read(tmp_path):
    made = pa.table(
        {
            "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
            "at": pa.array([1, 2, 3], pa.timestamp("ns")),
            "day": pa.array([MORNING] * 3, pa.timestamp("us", "UTC")),
        }
    )
    pq.write_table(made, tmp_path / "a.parquet")
    table = ParquetTable(tmp_path / "a.parquet")
    (chunk,) = table.chunks(0)
    assert chunk.rows[1].fields["kind"] == "b"
    assert chunk.rows[1].fields["at"] == "1970-01-01 00:00:00.000000002"
    assert chunk.rows[1].fields["day"] == MORNING
    assert str(table.schema.field("kind").type) == "string"


def test_a_file_of_something_else_is_refused(write):
    with pytest.raises(DataInvalid, match="damaged, cut short or no Parquet file"):
        ParquetTable(write("a.parquet", b"no parquet"))


def test_a_file_that_is_damaged_within_is_told(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": [f"text {number}" for number in range(1000)]}), path)
    content = bytearray(path.read_bytes())
    content[4:400] = b"\xff" * 396
    path.write_bytes(content)
    table = ParquetTable(path)
    with pytest.raises(DataInvalid, match="is damaged or cut short"):
        list(table.chunks(0))
    table.close()


def test_without_pyarrow_it_is_said_what_to_install(write, monkeypatch):
    original = builtins.__import__

    def absent(name, *rest, **named):
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return original(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(DataInvalid, match=r"pip install 'horngate\[parquet\]'"):
        ParquetTable(write("a.parquet", b""))
