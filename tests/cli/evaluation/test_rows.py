import numpy as np
import pytest

from app.cli.evaluation.rows import Wanted, read_rows
from app.labelled.columns import Columns
from app.labelled.errors import DataInvalid


def test_rows_come_with_the_positions_of_their_labels(opened, reviews):
    asked = read_rows(Wanted(reviews), opened("sentiment"))
    assert asked.targets.tolist() == [1, 0, 1, 1, 1]
    assert asked.rows.places[0] == "d/reviews.csv:2"


def test_columns_and_meanings_are_followed(opened, write):
    path = write("news.csv", "3,Oil,up\n2,Goal,late\n")
    meanings = {"2": "Sports", "3": "Business"}
    asked = read_rows(Wanted(path, Columns(("2", "3"), "1"), meanings), opened("topic"))
    assert (asked.rows.inputs, asked.targets.tolist()) == (["Oil up", "Goal late"], [2, 1])


def test_rows_that_another_file_has_are_left_out_and_named(opened, reviews, write):
    train = write("d/train.csv", "text,label\nGood film!,positive\nnew,negative\n")
    asked = read_rows(Wanted(reviews, exclude=train), opened("sentiment"))
    assert len(asked.targets) == 4
    assert [(one.place, one.reason) for one in asked.rows.problems] == [("d/reviews.csv:2", "train.csv has it too")]


def test_texts_for_a_digit_model_are_refused(opened, reviews):
    with pytest.raises(DataInvalid, match=r"expected pictures for digit/1; received texts in .*reviews\.csv"):
        read_rows(Wanted(reviews), opened("digit"))


def test_pictures_for_a_text_model_are_refused(opened, write, tmp_path):
    header = b"\x00\x00\x08\x03" + b"".join(size.to_bytes(4) for size in (2, 28, 28))
    write("x-images-idx3-ubyte", header + np.zeros(2 * 784, np.uint8).tobytes())
    write("x-labels-idx1-ubyte", b"\x00\x00\x08\x01\x00\x00\x00\x02\x00\x01")
    with pytest.raises(DataInvalid, match="expected texts for sentiment/1; received pictures"):
        read_rows(Wanted(tmp_path / "x-images-idx3-ubyte"), opened("sentiment"))
