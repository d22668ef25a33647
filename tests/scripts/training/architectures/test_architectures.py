from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras", reason="training needs the tensorflow extra")

import keras

from scripts.training.architectures import build
from scripts.training.architectures.ngrams import HashedNgrams
from scripts.training.recipe import read_recipe

RECIPES = Path(__file__).parents[4] / "recipes"


def built(name, vocabulary_size=50, labels=4):
    return build(read_recipe(RECIPES / f"{name}.toml"), vocabulary_size, labels)


def of_type(model, kind):
    return [layer for layer in model.layers if isinstance(layer, kind)]


def tokens(rows, length, present):
    ids = np.zeros((rows, length), np.int32)
    ids[:, length - present :] = np.arange(2, 2 + present)
    return ids


def test_the_sentiment_model_has_the_layers_that_its_recipe_asks_for():
    recipe = read_recipe(RECIPES / "sentiment.toml")
    sizes, model = recipe.architecture, built("sentiment", labels=2)
    assert [layer.output_dim for layer in of_type(model, keras.layers.Embedding)] == [sizes.embedding]
    assert [(layer.filters, layer.kernel_size) for layer in of_type(model, keras.layers.Conv1D)] == [
        (sizes.filters, (3,))
    ]
    assert [layer.units for layer in of_type(model, keras.layers.LSTM)] == [sizes.units[0]] * 2
    assert [layer.rate for layer in of_type(model, keras.layers.Dropout)] == [sizes.dropout, sizes.head_dropout]
    assert [layer.slots for layer in of_type(model, HashedNgrams)] == [recipe.ngrams.slots]
    # Average and maximum of the states of both directions, the filters' maxima, and what the n-grams prove.
    assert model.layers[-1].input.shape == (None, 4 * sizes.units[0] + sizes.filters + 2)
    assert model.layers[-1].activation is keras.activations.sigmoid
    assert (model.inputs[0].name, model.input_shape, model.output_shape) == ("tokens", (None, None), (None, 1))


def test_the_sentiment_model_does_not_count_padding_in_its_average():
    model = built("sentiment", labels=2)
    average = keras.Model(model.inputs, model.get_layer("average").output)
    silent = average.predict_on_batch(np.zeros((2, 16), np.int32))
    assert not silent.any()


def test_the_digit_model_has_the_layers_that_were_asked_for():
    model = built("digit", labels=10)
    convolutions = of_type(model, keras.layers.Conv2D)
    assert [(layer.filters, layer.kernel_size) for layer in convolutions] == [
        (filters, (3, 3)) for filters in (16, 16, 64, 64, 128)
    ]
    assert len(of_type(model, keras.layers.MaxPooling2D)) == 2
    assert len(of_type(model, keras.layers.BatchNormalization)) == 3
    assert [layer.units for layer in of_type(model, keras.layers.Dense)] == [10]
    assert model.layers[-1].activation is keras.activations.softmax
    assert (model.inputs[0].name, model.input_shape, model.output_shape) == ("pixels", (None, 28, 28, 1), (None, 10))


def test_the_transformer_attends_with_heads_and_positions():
    model = built("topic_transformer")
    assert len(of_type(model, keras.layers.MultiHeadAttention)) == 1
    forward = tokens(1, 16, 3)
    backward = forward.copy()
    backward[0, -3:] = forward[0, :-4:-1]
    assert not np.allclose(model.predict_on_batch(forward), model.predict_on_batch(backward), atol=1e-6)


@pytest.mark.parametrize("name", ["topic", "topic_transformer"])
def test_padding_does_not_change_a_texts_classes(name):
    recipe = read_recipe(RECIPES / f"{name}.toml")
    length = recipe.text.length
    buckets = recipe.text.model_copy(update={"buckets": (8, length)})
    model = build(recipe.model_copy(update={"text": buckets}), 50, 4)
    expected = model.predict_on_batch(tokens(2, length, 5))
    np.testing.assert_allclose(model.predict_on_batch(tokens(2, 8, 5)), expected, atol=1e-5)


@pytest.mark.parametrize("name", ["sentiment", "topic", "topic_transformer"])
@pytest.mark.parametrize(("buckets", "length"), [((), 64), ((64,), 64), ((16, 64), None)])
def test_the_length_is_free_where_there_are_several_buckets(name, buckets, length):
    recipe = read_recipe(RECIPES / f"{name}.toml")
    text = recipe.text.model_copy(update={"length": 64, "buckets": buckets})
    model = build(recipe.model_copy(update={"text": text, "augmentation": None}), 50, 4)
    assert model.input_shape == (None, length)


@pytest.mark.parametrize("name", ["topic", "topic_transformer"])
def test_a_text_without_words_still_gets_probabilities(name):
    model = built(name)
    probabilities = model.predict_on_batch(np.zeros((3, model.input_shape[1] or 16), np.int32))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_the_pooling_model_may_take_the_maximum():
    recipe = read_recipe(RECIPES / "topic.toml")
    sizes = recipe.architecture.model_copy(update={"embedding": 6, "maximum": True, "filters": None})
    model = build(recipe.model_copy(update={"architecture": sizes}), 50, 4)
    ids = tokens(2, 16, 4)
    ids[1] = 0
    vectors = model.get_layer("embedding").get_weights()[0]
    pooled = keras.Model(model.inputs, model.get_layer("pooled").output).predict_on_batch(ids)
    here = vectors[ids[0, -4:]]
    np.testing.assert_allclose(pooled, [[*here.mean(0), *here.max(0)], [0] * 12], atol=1e-6)


def test_the_pooling_model_may_have_filters_of_which_padding_is_no_maximum():
    recipe = read_recipe(RECIPES / "topic.toml")
    sizes = recipe.architecture.model_copy(update={"embedding": 6, "maximum": False, "filters": 5})
    model = build(recipe.model_copy(update={"architecture": sizes}), 50, 4)
    ids = tokens(2, 16, 4)
    outputs = [model.get_layer(name).output for name in ("filters", "pooled")]
    found, pooled = keras.Model(model.inputs, outputs).predict_on_batch(ids)
    assert pooled.shape == (2, 6 + 5)
    np.testing.assert_allclose(pooled[:, 6:], found[:, -4:].max(axis=1), atol=1e-6)
