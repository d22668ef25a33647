import numpy as np
import pytest

from app.labelled.content import content_of
from scripts.training.data.split import carve_validation, concatenate, fingerprints, hold_out, select
from scripts.training.data.types import Split


def texts(rows, classes=2):
    return Split([f"text number {row}" for row in range(rows)], np.arange(rows) % classes)


def images(rows):
    return Split(np.random.default_rng(0).integers(0, 256, (rows, 28, 28), dtype=np.uint8), np.arange(rows) % 2)


def test_images_are_compared_by_their_pixels():
    split = images(3)
    split.inputs[2] = split.inputs[0]
    first, second, third = fingerprints(split)
    assert first == third != second


def test_rows_are_chosen_in_the_order_asked_for():
    chosen = select(texts(5), [3, 1])
    assert chosen.inputs == ["text number 3", "text number 1"]
    assert chosen.targets.tolist() == [1, 1]
    assert select(images(5), [3, 1]).inputs.shape == (2, 28, 28)


def test_splits_are_put_together_in_order():
    both = concatenate([texts(2), texts(3)])
    assert len(both.inputs) == 5
    assert both.targets.tolist() == [0, 1, 0, 1, 0]
    assert concatenate([images(2), images(3)]).inputs.shape == (5, 28, 28)


@pytest.mark.parametrize("make", [texts, images])
def test_a_share_of_each_class_is_held_out(make):
    kept, held = hold_out(make(200), 0.1, salt="test")
    assert np.bincount(held.targets).tolist() == [10, 10]
    assert np.bincount(kept.targets).tolist() == [90, 90]


def test_every_row_is_on_exactly_one_side():
    split = texts(101)
    kept, held = hold_out(split, 0.3, salt="test")
    assert sorted([*kept.inputs, *held.inputs]) == sorted(split.inputs)


def test_the_choice_depends_on_the_content_and_not_on_the_order():
    split = texts(100)
    turned = select(split, np.arange(100)[::-1])
    assert set(hold_out(split, 0.2, "test")[1].inputs) == set(hold_out(turned, 0.2, "test")[1].inputs)


def test_rows_of_the_same_content_stay_on_one_side():
    copies = Split([f"{text}{end}" for end in ("", "!", " ?") for text in texts(60).inputs], np.tile([0, 1], 90))
    kept, held = hold_out(copies, 0.2, salt="test")
    assert len(held.targets) == 36
    assert not {content_of(text) for text in kept.inputs} & {content_of(text) for text in held.inputs}


def test_rows_of_the_same_content_stay_on_one_side_though_their_labels_differ():
    split = texts(100)
    both = concatenate([split, Split(split.inputs, 1 - split.targets)])
    kept, held = hold_out(both, 0.2, salt="test")
    assert len(held.targets) == 40
    assert not set(kept.inputs) & set(held.inputs)


def test_a_small_class_keeps_one_and_gives_one():
    split = Split(["a", "b", "c", "d"], np.array([0, 0, 1, 1]))
    kept, held = hold_out(split, 0.1, salt="test")
    assert sorted(kept.targets.tolist()) == sorted(held.targets.tolist()) == [0, 1]


@pytest.mark.parametrize("salt", ["a", "b", "c", "d", "e", "f"])
def test_a_content_that_most_rows_repeat_is_not_held_out(salt):
    split = Split(["很好"] * 70 + [f"text {row}" for row in range(30)], np.zeros(100, np.int64))
    held = hold_out(split, 0.1, salt=salt)[1]
    assert len(held.targets) == 10
    assert "很好" not in held.inputs


def test_of_contents_that_all_repeat_the_rarest_is_held_out():
    split = Split(["a"] * 5 + ["b"] * 3, np.zeros(8, np.int64))
    assert hold_out(split, 0.1, salt="test")[1].inputs == ["b"] * 3


def test_a_class_of_a_single_content_is_kept():
    split = Split(["a", "a!", "b", "c"], np.array([0, 0, 1, 1]))
    kept, held = hold_out(split, 0.5, salt="test")
    assert kept.targets.tolist() == [0, 0, 1]
    assert held.targets.tolist() == [1]


def test_the_validation_part_is_the_same_for_the_same_seed_and_another_for_another():
    first, again, other = (set(carve_validation(texts(200), seed=seed)[1].inputs) for seed in (1, 1, 2))
    assert first == again != other
    assert len(first) == len(other) == 20


def test_the_validation_part_is_not_the_hashed_test_part_again():
    held, validation = hold_out(texts(500), 0.1, "test")[1], carve_validation(texts(500))[1]
    assert set(held.inputs) != set(validation.inputs)
