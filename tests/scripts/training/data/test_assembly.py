import numpy as np
import pytest

from app.labelled.errors import DataInvalid
from app.labelled.rows import LabelledTexts
from scripts.training.data.assembly import checked, official_dataset, to_split


def test_targets_are_positions_in_the_labels():
    split = to_split(LabelledTexts(["a", "b", "c"], ["good", "bad", "good"]), ("bad", "good"))
    assert split.targets.tolist() == [1, 0, 1]
    assert split.targets.dtype == np.int64


def test_a_data_set_with_two_classes_and_test_rows_passes_as_it_is(dataset):
    made_up = dataset([("a", 0), ("b", 1)], [("c", 0)])
    assert checked(made_up) is made_up


def test_no_test_rows_are_an_error(dataset):
    with pytest.raises(DataInvalid, match="made_up: expected rows to test on"):
        checked(dataset([("a", 0), ("b", 1)], []))


@pytest.mark.parametrize(("train", "received"), [([], "no rows"), ([("a", 1), ("b", 1)], "positive")])
def test_fewer_than_two_classes_are_an_error(dataset, train, received):
    with pytest.raises(DataInvalid, match=f"at least two classes to train on; received {received}"):
        checked(dataset(train, [("c", 0)]))


def test_an_official_set_says_which_rows_are_not_there():
    train, test = LabelledTexts(["a", "b"], ["bad", "good"]), LabelledTexts(["c"], ["good"])
    whole, part = (
        official_dataset(
            "reviews", ("bad", "good"), (train, test), official_rows=rows, licence="ours", source="Reviews"
        )
        for rows in ((2, 1), (9, 1))
    )
    assert whole.source == "Reviews"
    assert part.source == "Reviews; here 2 of 9 training rows, 1 of 1 test rows"
    assert whole.test.targets.tolist() == [1]
