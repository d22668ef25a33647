from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs the train extra")
pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from scripts.training.architectures import build
from scripts.training.architectures.ngrams import NGRAMS
from scripts.training.buckets import count_tokens
from scripts.training.data.catalogue import load_dataset
from scripts.training.examples import Examples, prepare
from scripts.training.ngrams.fitting import fit_ngrams, in_full_and_in_part
from scripts.training.recipe import read_recipe

BESIDE = ("optimiser =", "ngrams = { slots = 199, min_rows = 2, strength = 1.0 }\noptimiser =")


@pytest.fixture
def prepared(recipe_file, texts):
    """A tiny recipe with or without n-grams, its material and its untrained model."""

    def make(beside=BESIDE):
        recipe = read_recipe(recipe_file(replace=beside))
        keras.utils.set_random_seed(1)
        material = prepare(recipe, [load_dataset(f"texts:{texts}", None)])
        return recipe, material, build(recipe, material.tokenizer.get_vocab_size(), 2)

    return make


def accuracy(model, examples):
    return float(((model.predict_on_batch(examples.inputs) > 0.5) == examples.targets).mean())


def test_an_untrained_network_with_fitted_ngrams_tells_praise_from_blame(prepared):
    recipe, material, model = prepared()
    fit_ngrams(recipe, model, material)
    assert accuracy(model, in_full_and_in_part(recipe, recipe.text, material.validation)) > 0.8


def test_fitting_twice_gives_the_same_weights(prepared):
    weights = []
    for _ in "ab":
        recipe, material, model = prepared()
        fit_ngrams(recipe, model, material)
        weights.append(model.get_weights())
    for first, second in zip(*weights, strict=True):
        np.testing.assert_array_equal(first, second)


def test_rows_whose_label_is_unsure_count_the_less(prepared):
    def largest(sureness):
        recipe, material, model = prepared()
        targets = 0.5 + (material.training.targets - 0.5) * sureness
        fit_ngrams(recipe, model, replace(material, training=replace(material.training, targets=targets)))
        return np.abs(np.asarray(model.get_layer(NGRAMS).table)[:, 1]).max()

    assert 0 < largest(0.1) < largest(1.0)


@pytest.mark.parametrize(("wanted", "are_learnt"), [("true", True), ("false", False)])
def test_rows_beside_those_that_were_read_are_learnt_where_the_recipe_wants_them(prepared, wanted, are_learnt):
    tables = []
    for repeats in (0, 3):
        ngrams = f"ngrams = {{ slots = 199, min_rows = 2, strength = 1.0, further_rows = {wanted} }}\noptimiser ="
        recipe, material, model = prepared(("optimiser =", ngrams))
        read = material.training
        further = [np.concatenate([rows, *[rows[:5]] * repeats]) for rows in (read.inputs, read.targets)]
        fit_ngrams(recipe, model, replace(material, training=Examples(*further)))
        tables.append(np.asarray(model.get_layer(NGRAMS).table))
    assert np.array_equal(*tables) != are_learnt


def test_a_network_that_errs_is_not_believed(prepared):
    recipe, material, model = prepared()
    fit_ngrams(recipe, model, material)
    kernel, _ = model.get_layer("probabilities").get_weights()
    assert kernel[-1, 0] > 0
    assert np.abs(np.asarray(model.get_layer(NGRAMS).table)[:, 1]).max() > 0


def test_a_recipe_without_ngrams_leaves_the_model_as_it_is(prepared):
    recipe, material, model = prepared(("", ""))
    before = model.get_weights()
    fit_ngrams(recipe, model, material)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_texts_are_read_whole_and_in_part(prepared):
    recipe, material, _ = prepared()
    rows = in_full_and_in_part(recipe, recipe.text, material.validation)
    texts = len(material.validation.inputs)
    assert rows.inputs.shape == (2 * texts, recipe.text.length)
    np.testing.assert_array_equal(rows.inputs[:texts], material.validation.inputs)
    assert (count_tokens(rows.inputs[texts:]) <= count_tokens(rows.inputs[:texts])).all()
