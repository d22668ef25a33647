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


@pytest.fixture
def table_beside(prepared):
    """The table that is fitted to the rows as read, some contrasts, and fragments without a clear label."""

    def fit(weight=1.0, contrasts=0, fragments=0):
        ngrams = f"ngrams = {{ slots = 199, min_rows = 2, strength = 1.0, contrast_weight = {weight} }}\noptimiser ="
        recipe, material, model = prepared(("optimiser =", ngrams))
        read = material.training
        inputs = np.concatenate([read.inputs, *[read.inputs[:1]] * (contrasts + fragments)])
        opposite, unsure = [1 - read.targets[:1]] * contrasts, [np.full((1, 1), 0.5, np.float32)] * fragments
        training = Examples(inputs, np.concatenate([read.targets, *opposite, *unsure]))
        fit_ngrams(recipe, model, replace(material, training=training, contrasts=contrasts))
        return np.asarray(model.get_layer(NGRAMS).table)

    return fit


def test_contrasts_change_the_weights_by_as_much_as_the_recipe_wants(table_beside):
    plain = table_beside()
    little, much = (np.abs(table_beside(weight, contrasts=20) - plain).max() for weight in (0.1, 1.0))
    assert 0 < little < much


def test_contrasts_of_no_weight_change_nothing(table_beside):
    np.testing.assert_allclose(table_beside(0.0, contrasts=20), table_beside(0.0), atol=1e-6)


def test_fragments_are_left_to_the_network(table_beside):
    np.testing.assert_array_equal(table_beside(fragments=20), table_beside())


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
