from dataclasses import replace

import numpy as np
import pytest

from scripts.training.data.assembly import checked, merge, official_dataset, to_split
from scripts.training.data.errors import DataInvalid
from scripts.training.data.rows import LabelledTexts
from scripts.training.data.types import Problem, Split


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


def test_merged_sets_have_all_rows_and_all_problems(dataset):
    problem = Problem("two:1", "empty text")
    merged = merge(
        [
            dataset([("a", 0)], [("b", 1)], name="one"),
            dataset([("c", 1)], [("d", 0)], name="two", problems=(problem,)),
        ]
    )
    assert merged.name == "one+two"
    assert merged.train.inputs == ["a", "c"]
    assert merged.train.targets.tolist() == [0, 1]
    assert merged.test.inputs == ["b", "d"]
    assert merged.problems == (problem,)
    assert merged.licence == "ours"
    assert merged.source == "one of this test; two of this test"


def test_labels_in_another_order_are_brought_into_the_first_ones(dataset):
    merged = merge(
        [
            dataset([("a", 0)], [("b", 1)]),
            dataset([("good", 0), ("bad", 1)], [("good too", 0)], labels=("positive", "negative")),
        ]
    )
    assert merged.labels == ("negative", "positive")
    assert merged.train.targets.tolist() == [0, 1, 0]
    assert merged.test.targets.tolist() == [1, 1]


def test_one_set_alone_stays_as_it_is(dataset):
    made_up = dataset([("a", 0), ("b", 1)], [("c", 0)])
    merged = merge([made_up])
    assert (merged.name, merged.train.inputs) == (made_up.name, made_up.train.inputs)


def test_sets_with_other_labels_are_not_merged(dataset):
    one, two = dataset([("a", 0)], [], name="one"), dataset([("b", 0)], [], labels=("bad", "good"), name="two")
    with pytest.raises(
        DataInvalid, match=r"expected two to have the labels of one \(negative, positive\); received bad"
    ):
        merge([one, two])


def test_texts_and_images_are_not_merged(dataset):
    texts = dataset([("a", 0)], [("b", 1)])
    pictures = Split(np.zeros((1, 28, 28), np.uint8), np.array([0]))
    with pytest.raises(DataInvalid, match="texts or images; received both"):
        merge([texts, replace(texts, train=pictures, test=pictures)])


def test_nothing_to_merge_is_an_error():
    with pytest.raises(DataInvalid, match="at least one data set"):
        merge([])
