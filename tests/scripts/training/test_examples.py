from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from scripts.training.data.catalogue import load_dataset
from scripts.training.data.types import Dataset, Split
from scripts.training.examples import DataUnfit, divide, prepare
from scripts.training.recipe import read_recipe


@pytest.fixture
def reviews(texts):
    return load_dataset(f"texts:{texts}", None)


def split(texts, targets):
    return Split(texts, np.array(targets))


def test_a_validation_part_is_carved_from_training(recipe_file, reviews):
    material = prepare(read_recipe(recipe_file()), [reviews])
    assert (len(material.training.targets), len(material.validation.targets)) == (96, 24)
    assert material.labels == ("neg", "pos")
    assert material.validation.inputs.shape == (24, 8)
    assert material.validation.targets.shape == (24, 1)


def test_texts_of_any_length_are_learnt_from_but_padded_to_one_until_a_batch_is_made(recipe_file, reviews):
    material = prepare(read_recipe(recipe_file()), [reviews])
    assert material.signature.inputs[0].shape == (None, None)
    rows = material.task.preprocess(["good film", "good " * 50, ""])
    assert [group["tokens"].shape for group in rows.groups] == [(2, 4), (1, 8)]
    assert prepare(read_recipe(recipe_file("topic")), [reviews]).signature.inputs[0].shape == (None, 8)


def test_training_texts_are_encoded_as_far_as_the_augmentation_reaches(recipe_file, reviews):
    material = prepare(read_recipe(recipe_file()), [reviews])
    assert material.training.inputs.shape == (96, 12)
    assert material.task.preprocess(["good " * 50]).groups[0]["tokens"].shape == (1, 8)


def test_every_training_row_is_learnt_from_or_held_out(recipe_file, reviews):
    material = prepare(read_recipe(recipe_file()), [reviews])
    assert len(material.training.targets) + len(material.validation.targets) == len(reviews.train.targets) == 120


def test_images_become_pixels_from_0_to_1(recipe_file, images):
    material = prepare(read_recipe(recipe_file("digit")), [load_dataset(f"images:{images}", None)])
    assert material.training.inputs.shape[1:] == (28, 28, 1)
    assert 0.9 < material.training.inputs.max() <= 1
    assert material.training.targets.dtype == np.int64


def test_data_sets_of_different_labels_are_refused_by_name(recipe_file, reviews):
    other = Dataset("other", ("bad", "good"), reviews.train, reviews.test, "", "")
    with pytest.raises(DataUnfit, match=r"\['neg', 'pos'\] in reviews.* and \['bad', 'good'\] in other"):
        prepare(read_recipe(recipe_file()), [reviews, other])


def test_the_same_data_set_twice_is_refused(recipe_file, reviews):
    with pytest.raises(DataUnfit, match="two data sets are called reviews"):
        prepare(read_recipe(recipe_file()), [reviews, reviews])


def test_texts_are_refused_for_digits(recipe_file, reviews):
    with pytest.raises(DataUnfit, match="task 'digit' cannot learn from reviews"):
        prepare(read_recipe(recipe_file("digit")), [reviews])


def test_three_labels_are_refused_for_sentiment(recipe_file):
    three = Dataset("three", ("a", "b", "c"), split(list("xyz"), [0, 1, 2]), split(["w"], [0]), "", "")
    with pytest.raises(DataUnfit, match="needs 2 labels; three has"):
        prepare(read_recipe(recipe_file()), [three])


@pytest.mark.parametrize("labels", [tuple("01"), tuple("abcdefghij")])
def test_digits_have_the_labels_0_to_9_and_no_others(recipe_file, images, labels):
    digits = load_dataset(f"images:{images}", None)
    with pytest.raises(DataUnfit, match=r"needs the labels 0 to 9; pictures.* has "):
        prepare(read_recipe(recipe_file("digit")), [replace(digits, labels=labels)])


def test_recipes_of_one_split_seed_hold_out_the_same_rows_whatever_their_seeds(recipe_file, reviews):
    def held_out(fit):
        return list(divide(read_recipe(recipe_file(replace=("seed = 3", fit))), [reviews]).validation.inputs)

    assert held_out("seed = 4, split_seed = 3") == held_out("seed = 5, split_seed = 3") == held_out("seed = 3")
    assert held_out("seed = 4") != held_out("seed = 3")
