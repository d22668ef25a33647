import csv
import io
import tarfile

import pytest

from app.labelled.errors import DataInvalid, DataMissing
from app.labelled.problems import Problem
from scripts.training.data.imdb import ARCHIVE, read

REVIEWS = {
    "train/neg/0_3": "Dull.<br />Very dull.",
    "train/neg/2_1": "Awful, and long",
    "train/neg/10_2": 'They call it "art"',
    "train/pos/0_9": " Superb ",
    "train/pos/1_7": "Quite good",
    "test/neg/0_2": "Poor",
    "test/pos/0_10": "Splendid",
}
TRAIN = ["Dull.<br />Very dull.", "Awful, and long", 'They call it "art"', "Superb", "Quite good"]


@pytest.fixture
def tree(tmp_path, write):
    for name, text in REVIEWS.items():
        write(f"imdb/aclImdb/{name}.txt", text)
    write("imdb/aclImdb/train/unsup/0_0.txt", "without a label")
    write("imdb/aclImdb/train/urls_pos.txt", "not a review")
    return tmp_path


@pytest.fixture
def pack(tree):
    """The archive of what stands in the tree, the tree itself taken away."""

    def pack():
        folder = tree / "imdb"
        with tarfile.open(folder / ARCHIVE, "w:gz") as archive:
            archive.add(folder / "aclImdb", "aclImdb")
        (folder / "aclImdb").rename(tree / "elsewhere")
        return folder / ARCHIVE

    return pack


def write_tables(write):
    for part in ("train", "test"):
        file = io.StringIO(newline="")
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["id", "rating", "label", "text"])
        for name, text in REVIEWS.items():
            found, side, review = name.split("/")
            if found == part:
                table.writerow([f"{side}/{review}", review.split("_")[1], int(side == "pos"), text])
        write(f"imdb/imdb_{part}.csv.gz", file.getvalue())


def check(reviews):
    assert reviews.labels == ("negative", "positive")
    assert reviews.train.inputs == TRAIN
    assert reviews.train.targets.tolist() == [0, 0, 0, 1, 1]
    assert reviews.test.inputs == ["Poor", "Splendid"]
    assert reviews.test.targets.tolist() == [0, 1]
    assert reviews.problems == ()


def test_the_unpacked_tree_is_read_in_the_order_of_its_numbers(tree):
    check(read(tree))


def test_the_tree_may_stand_beside_the_other_sets(tree):
    (tree / "imdb" / "aclImdb").rename(tree / "aclImdb")
    check(read(tree))


def test_the_archive_gives_the_same_as_the_tree(tree, pack):
    pack()
    check(read(tree))


def test_the_tables_give_the_same_as_the_tree(tmp_path, write):
    write_tables(write)
    check(read(tmp_path))


def test_nothing_there_is_an_error_that_names_what_was_looked_for(tmp_path):
    with pytest.raises(DataMissing, match=r"imdb_train\.csv and imdb_test\.csv .*aclImdb/ and aclImdb_v1\.tar\.gz"):
        read(tmp_path)


def test_one_table_of_two_is_not_the_set(tmp_path, write):
    write_tables(write)
    (tmp_path / "imdb" / "imdb_test.csv.gz").unlink()
    with pytest.raises(DataMissing):
        read(tmp_path)


def test_a_broken_review_is_counted_and_named(tree, write):
    write("imdb/aclImdb/train/pos/7_8.txt", b"caf\xe9")
    write("imdb/aclImdb/test/neg/9_1.txt", b"  ")
    reviews = read(tree)
    assert reviews.train.inputs == TRAIN
    assert reviews.problems == (
        Problem("aclImdb/train/pos/7_8.txt, byte 0xe9", "bytes that are not UTF-8"),
        Problem("aclImdb/test/neg/9_1.txt", "empty text"),
    )


def test_a_file_that_is_no_review_of_the_set_is_counted_and_named(tree, write):
    write("imdb/aclImdb/train/pos/my own.txt", "A fine film")
    reviews = read(tree)
    assert reviews.train.inputs == TRAIN
    [problem] = reviews.problems
    assert problem.place == "aclImdb/train/pos/my own.txt"
    assert "received 'my own.txt'" in problem.reason


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
def test_an_archive_cut_short_is_an_error(tree, pack, share):
    archive = pack()
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DataInvalid, match="cut short"):
        read(tree)


def test_an_archive_with_a_wrong_checksum_of_its_own_is_an_error(tree, pack):
    archive = pack()
    content = archive.read_bytes()
    archive.write_bytes(content[:-8] + bytes(4) + content[-4:])
    with pytest.raises(DataInvalid, match="damaged"):
        read(tree)


def test_an_archive_that_is_none_is_an_error(tmp_path, write):
    (tmp_path / "imdb").mkdir()
    (tmp_path / "imdb" / ARCHIVE).write_bytes(b"<html>moved</html>")
    with pytest.raises(DataInvalid, match="damaged"):
        read(tmp_path)


def test_an_archive_of_something_else_is_an_error(tmp_path):
    (tmp_path / "imdb").mkdir()
    with tarfile.open(tmp_path / "imdb" / ARCHIVE, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("readme.txt"))
    with pytest.raises(DataInvalid, match="it has no rows"):
        read(tmp_path)
