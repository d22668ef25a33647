from dataclasses import replace

import numpy as np

from scripts.training.data.duplicates import Duplicates, count_duplicates, without_shared
from scripts.training.data.types import Split


def test_repeated_rows_are_counted_where_they_stand(dataset):
    made_up = dataset(
        [("Fine film", 1), ("fine film!", 1), ("fine film?", 0), ("dull", 0), ("odd", 0)],
        [("Dull.", 0), ("new", 1), ("new", 1), ("fine film", 1)],
    )
    assert count_duplicates(made_up) == Duplicates(train=2, test=1, shared=2, contradictory=1)


def test_a_text_of_one_label_in_train_and_another_in_test_contradicts(dataset):
    assert count_duplicates(dataset([("a", 0), ("b", 1)], [("a", 1)])).contradictory == 1


def test_rows_that_differ_count_as_none(dataset):
    assert count_duplicates(dataset([("a", 0), ("b", 1)], [("c", 1)])) == Duplicates(0, 0, 0, 0)


def test_what_the_test_part_has_is_taken_out_of_training_only(dataset):
    made_up = dataset([("Dull!", 0), ("fine", 1), ("dull", 0), ("odd", 0)], [("dull", 0), ("new", 1)])
    strict = without_shared(made_up)
    assert strict.train.inputs == ["fine", "odd"]
    assert strict.train.targets.tolist() == [1, 0]
    assert strict.test is made_up.test
    assert count_duplicates(strict).shared == 0


def test_images_are_taken_out_as_well(dataset):
    images = np.arange(3, dtype=np.uint8)[:, None, None] * np.ones((3, 28, 28), np.uint8)
    train, test = Split(images, np.array([0, 1, 0])), Split(images[1:2], np.array([1]))
    pictures = replace(dataset([], []), train=train, test=test)
    assert count_duplicates(pictures).shared == 1
    assert without_shared(pictures).train.inputs[:, 0, 0].tolist() == [0, 2]
