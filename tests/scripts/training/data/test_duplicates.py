from dataclasses import replace

import numpy as np

from app.labelled.problems import Problem
from scripts.training.data.duplicates import SHARED, Duplicates, count_duplicates, without_shared
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


def test_what_training_has_is_taken_out_of_the_test_part_only(dataset):
    made_up = dataset([("Dull!", 0), ("fine", 1), ("dull", 0)], [("dull", 0), ("new", 1), ("FINE", 1), ("odd", 0)])
    (strict,) = without_shared([made_up])
    assert strict.test.inputs == ["new", "odd"]
    assert strict.test.targets.tolist() == [1, 0]
    assert strict.train is made_up.train
    assert strict.problems == tuple(Problem(f"made_up, test row {row}", SHARED) for row in (1, 3))
    assert count_duplicates(strict).shared == 0


def test_what_another_sets_training_has_is_taken_out_as_well(dataset):
    one, two = dataset([("a", 0), ("b", 1)], [("c", 1)]), dataset([("c", 0), ("d", 1)], [("e", 0)])
    assert [len(strict.test.targets) for strict in without_shared([one, two])] == [0, 1]


def test_images_are_taken_out_as_well(dataset):
    images = np.arange(3, dtype=np.uint8)[:, None, None] * np.ones((3, 28, 28), np.uint8)
    train, test = Split(images[1:2], np.array([1])), Split(images, np.array([0, 1, 0]))
    pictures = replace(dataset([], []), train=train, test=test)
    assert count_duplicates(pictures).shared == 1
    (strict,) = without_shared([pictures])
    assert strict.test.inputs[:, 0, 0].tolist() == [0, 2]
