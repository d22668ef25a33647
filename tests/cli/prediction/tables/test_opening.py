from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.cli.prediction.tables.folder import PictureFolder
from app.cli.prediction.tables.opening import form_of, open_table
from app.labelled.errors import DataInvalid


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.csv", ".csv"),
        ("A.CSV.gz", ".csv"),
        ("a.b.jsonl.xz", ".jsonl"),
        ("a.parquet", ".parquet"),
        ("a.png", ""),
        ("csv", ""),
    ],
)
def test_a_format_is_told_by_the_ending(name, form):
    assert form_of(Path(name)) == form


@pytest.mark.parametrize(("name", "content"), [("a.csv", "t\nx\n"), ("a.tsv", "t\nx\n"), ("a.jsonl", '{"t": "x"}\n')])
def test_every_format_is_opened(write, name, content):
    with open_table(write(name, content)) as table:
        assert table.columns == ("t",)
        assert [row.fields["t"] for chunk in table.chunks(0) for row in chunk.rows] == ["x"]


def test_parquet_is_opened_too(tmp_path):
    pq.write_table(pa.table({"t": ["x"]}), tmp_path / "a.parquet")
    with open_table(tmp_path / "a.parquet") as table:
        assert (table.columns, table.size) == (("t",), 1)


def test_a_folder_is_a_table_of_its_pictures(write, tmp_path):
    for name in ("b/2.PNG", "a/1.jpg", "a/.hidden.png", ".cache/3.png", "a/notes.txt"):
        write(f"pictures/{name}", b"x")
    with open_table(tmp_path / "pictures") as table:
        assert isinstance(table, PictureFolder)
        assert [row.fields["file"] for chunk in table.chunks(0) for row in chunk.rows] == ["a/1.jpg", "b/2.PNG"]
        assert table.position == table.size == 2


def test_a_folder_without_pictures_and_another_format_are_refused(write, tmp_path):
    with pytest.raises(DataInvalid, match="expected pictures"), open_table(tmp_path):
        pass
    with pytest.raises(DataInvalid, match=r"ends in .csv, .tsv, .jsonl, .parquet"), open_table(write("a.xlsx", b"")):
        pass
