from pathlib import Path

import numpy as np
import pytest

from app.labelled.columns import Columns
from app.labelled.errors import DataInvalid, DataMissing
from app.labelled.idx import format_idx
from app.labelled.problems import Problem
from app.labelled.reading import Labelled, read_labelled, without


def test_a_table_is_read_as_texts(write):
    rows = read_labelled(write("d/a.csv", "text,label\nfine,1\nodd\ndull,0\n"), Columns())
    assert (rows.inputs, rows.labels, rows.is_text) == (["fine", "dull"], ["1", "0"], True)
    assert [problem.place for problem in rows.problems] == ["d/a.csv:3"]


def test_a_folder_is_read_as_images(write, tmp_path):
    path = write("7/a.png", b"whatever")
    rows = read_labelled(tmp_path, Columns())
    assert (rows.inputs, rows.labels, rows.is_text) == ([path], ["7"], False)


def test_an_idx_pair_is_read_as_images(write):
    write("m/x-labels-idx1-ubyte", format_idx(np.array([3])))
    rows = read_labelled(write("m/x-images-idx3-ubyte", format_idx(np.ones((1, 28, 28)))), Columns())
    assert (rows.labels, rows.is_text) == (["3"], False)


def test_an_idx_pair_without_rows_is_an_error(write):
    write("m/x-labels-idx1-ubyte", format_idx(np.zeros(0)))
    with pytest.raises(DataInvalid, match="expected pictures in"):
        read_labelled(write("m/x-images-idx3-ubyte", format_idx(np.ones((0, 28, 28)))), Columns())


def test_what_is_not_there_is_an_error():
    with pytest.raises(DataMissing, match=r"expected a file or a folder at absent\.csv"):
        read_labelled(Path("absent.csv"), Columns())


def test_rows_that_another_file_has_too_are_left_out_and_counted():
    rows = Labelled(["Fine!", "dull", "new"], ["1", "0", "1"], ["a:1", "a:2", "a:3"], (Problem("a:4", "empty text"),))
    other = Labelled(["fine", "other"], ["0", "0"], ["b:1", "b:2"])
    kept = without(rows, other, "train.csv")
    assert (kept.inputs, kept.labels, kept.places) == (["dull", "new"], ["0", "1"], ["a:2", "a:3"])
    assert kept.problems == (Problem("a:4", "empty text"), Problem("a:1", "train.csv has it too"))


def test_images_are_compared_by_their_bytes(write):
    same, copy, other = write("a.png", b"one"), write("b.png", b"one"), write("c.png", b"two")
    pixels = np.ones((28, 28), np.uint8)
    rows = Labelled([same, other, pixels], ["1", "2", "3"], ["a", "c", "p"])
    assert without(rows, Labelled([copy, pixels.copy()], ["1", "3"], ["b", "q"]), "b").inputs == [other]


def test_a_file_without_itself_is_an_error():
    rows = Labelled(["fine"], ["1"], ["a:1"])
    with pytest.raises(DataInvalid, match=r"expected rows that a\.csv does not have"):
        without(rows, rows, "a.csv")
