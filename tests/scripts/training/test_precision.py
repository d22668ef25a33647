import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from scripts.training.architectures import build
from scripts.training.precision import computing_in
from scripts.training.recipe import read_recipe


def test_layers_compute_in_sixteen_bits_keep_their_weights_in_32_and_answer_in_32(recipe_file):
    recipe = read_recipe(recipe_file("digit"))
    with computing_in("mixed_bfloat16"):
        mixed = build(recipe, 0, 10)
    exact = build(recipe, 0, 10)
    assert {layer.compute_dtype for layer in mixed.layers if layer.weights} == {"bfloat16", "float32"}
    assert {weight.dtype for weight in mixed.weights} == {"float32"}
    assert mixed.outputs[0].dtype == "float32"
    assert {layer.compute_dtype for layer in exact.layers} == {"float32"}
    exact.set_weights(mixed.get_weights())


def test_the_precision_before_comes_back_also_after_an_error():
    with pytest.raises(KeyError), computing_in("mixed_float16"):
        raise KeyError
    assert keras.config.dtype_policy().name == "float32"
