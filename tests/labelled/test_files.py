import gzip
import hashlib
import lzma
import zipfile

import pytest

from app.labelled.errors import DataInvalid, DataMissing
from app.labelled.files import locate, locate_all, md5_of, read_content, short_name


@pytest.fixture
def packed(tmp_path):
    """The same content in every packing."""
    content = "一部好电影\n".encode()
    (tmp_path / "plain.csv").write_bytes(content)
    (tmp_path / "small.csv.gz").write_bytes(gzip.compress(content))
    (tmp_path / "smaller.csv.xz").write_bytes(lzma.compress(content))
    with zipfile.ZipFile(tmp_path / "folder.zip", "w") as archive:
        archive.writestr("folder.csv", content)
    return tmp_path, content


@pytest.mark.parametrize("name", ["plain.csv", "small.csv", "smaller.csv", "folder.csv"])
def test_a_file_is_found_and_read_however_it_is_packed(packed, name):
    folder, content = packed
    path = locate(folder, name)
    assert path is not None
    assert read_content(path) == content


def test_the_plain_file_comes_before_the_packed(packed):
    folder, _ = packed
    (folder / "small.csv").write_bytes(b"newer")
    assert locate(folder, "small.csv") == folder / "small.csv"


def test_a_folder_of_the_name_is_no_file(tmp_path):
    (tmp_path / "train.csv").mkdir()
    assert locate(tmp_path, "train.csv") is None


def test_files_are_found_in_the_order_asked_for(packed):
    folder, _ = packed
    assert locate_all(folder, ["small.csv", "plain.csv"]) == [folder / "small.csv.gz", folder / "plain.csv"]


def test_every_lacking_file_is_named(packed):
    folder, _ = packed
    with pytest.raises(DataMissing, match=r"lacks one\.csv, two\.csv"):
        locate_all(folder, ["plain.csv", "one.csv", "two.csv"])


@pytest.mark.parametrize("name", ["small.csv.gz", "smaller.csv.xz", "folder.zip"])
def test_a_file_cut_short_is_an_error_with_its_name(packed, name):
    folder, _ = packed
    path = folder / name
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataInvalid, match=name):
        read_content(path)


@pytest.mark.parametrize("name", ["small.csv.gz", "smaller.csv.xz", "folder.zip"])
def test_a_file_that_is_not_what_its_name_says_is_an_error(packed, name):
    folder, _ = packed
    (folder / name).write_bytes(b"<html>Not found</html>")
    with pytest.raises(DataInvalid, match="damaged"):
        read_content(folder / name)


def test_a_changed_byte_inside_a_packed_file_is_an_error(packed):
    folder, _ = packed
    path = folder / "small.csv.gz"
    data = bytearray(path.read_bytes())
    data[14] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(DataInvalid, match="damaged"):
        read_content(path)


def test_an_archive_of_two_files_is_an_error_that_says_how_many(tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "a")
        archive.writestr("b.csv", "b")
    with pytest.raises(DataInvalid, match="received 2"):
        read_content(tmp_path / "two.zip")


def test_a_file_that_vanished_is_an_error_of_ours(tmp_path):
    with pytest.raises(DataInvalid, match=r"gone\.csv"):
        read_content(tmp_path / "gone.csv")


def test_the_checksum_is_md5():
    assert md5_of(b"digit") == hashlib.md5(b"digit").hexdigest()


def test_a_short_name_has_the_folder_and_nothing_above(tmp_path):
    assert short_name(tmp_path / "imdb" / "imdb_test.csv.xz") == "imdb/imdb_test.csv.xz"
