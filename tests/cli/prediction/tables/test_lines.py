import gzip
import lzma

import pytest

from app.cli.prediction.tables import lines
from app.cli.prediction.tables.lines import Lines
from app.labelled.errors import DataInvalid


def test_a_line_that_is_too_long_is_cut_and_told_and_the_next_is_read(write, monkeypatch):
    monkeypatch.setattr(lines, "MOST_BYTES", 8)
    file = Lines(write("a.txt", "short\n12345678901234567890\nlast"))
    found = list(file)
    file.close()
    assert [(line.text, bool(line.problem)) for line in found] == [("short\n", False), ("", True), ("last", False)]


def test_packed_files_are_read_as_what_is_in_them(tmp_path):
    for name, pack in (("a.gz", gzip.compress), ("a.xz", lzma.compress)):
        path = tmp_path / name
        path.write_bytes(pack(b"one\ntwo\n"))
        file = Lines(path)
        assert [line.text for line in file] == ["one\n", "two\n"]
        assert file.position == file.size
        file.close()


@pytest.mark.parametrize("name", ["a.gz", "a.xz"])
def test_a_damaged_file_is_told(write, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"no archive at all")
    file = Lines(path)
    with pytest.raises(DataInvalid, match="is damaged, cut short or unreadable"):
        list(file)
    file.close()


def test_a_file_that_cannot_be_opened_is_told(tmp_path):
    with pytest.raises(DataInvalid, match="cannot be read: No such file"):
        Lines(tmp_path / "absent.csv")
