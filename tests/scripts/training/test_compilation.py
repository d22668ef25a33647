import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from scripts.training.compilation import compile_model, learning_rate_of, optimiser_of
from scripts.training.recipe import read_recipe


@pytest.fixture
def recipe_with(recipe_file):
    """The tiny digit recipe with another optimiser, and more tables where they are given."""

    def read(optimiser="", tables="", epochs=2):
        return read_recipe(
            recipe_file("digit", epochs, ("learning_rate = 0.01 }", f"learning_rate = 0.01{optimiser} }}\n{tables}"))
        )

    return read


@pytest.fixture
def model():
    """A softmax over three labels of two numbers."""
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, activation="softmax")])


def test_the_rate_is_constant_unless_the_recipe_says_otherwise_and_grows_with_the_replicas(recipe_with):
    assert learning_rate_of(recipe_with(), steps=10) == 0.01
    assert learning_rate_of(recipe_with(), steps=10, replicas=4) == 0.04


def test_a_cosine_falls_from_the_rate_to_zero_over_all_epochs(recipe_with):
    rate = learning_rate_of(recipe_with(', schedule = { kind = "cosine" }'), steps=10)
    assert [float(rate(step)) for step in (0, 10, 20)] == pytest.approx([0.01, 0.005, 0], abs=1e-9)


def test_a_warm_up_rises_from_zero_before_the_cosine(recipe_with):
    rate = learning_rate_of(recipe_with(', schedule = { kind = "cosine", warmup_epochs = 0.5 }'), steps=10)
    assert [float(rate(step)) for step in (0, 4, 5, 20)] == pytest.approx([0, 0.008, 0.01, 0], abs=1e-9)


@pytest.mark.parametrize("replicas", [1, 2])
def test_gradients_are_shortened_to_the_norm_shared_among_replicas(recipe_with, replicas):
    assert optimiser_of(recipe_with(", clip_norm = 0.5"), 10, replicas).global_clipnorm == 0.5 / replicas
    assert optimiser_of(recipe_with(), 10, replicas).global_clipnorm is None


def test_weights_that_get_no_gradient_decay_under_adamw_only(recipe_with, model):
    kept = recipe_with(), recipe_with(', schedule = { kind = "cosine" }')
    decaying = recipe_file_of_adamw(recipe_with)
    for recipe, factor in [*((recipe, 1) for recipe in kept), (decaying, 1 - 0.01 * 0.5)]:
        compile_model(model, recipe, 10)
        before = model.get_weights()[0]
        model.optimizer.apply_gradients([(np.zeros((2, 3), np.float32), model.trainable_weights[0])])
        np.testing.assert_allclose(model.get_weights()[0], before * factor, rtol=1e-5)


def recipe_file_of_adamw(recipe_with):
    recipe = recipe_with()
    optimiser = recipe.optimiser.model_copy(update={"kind": "adamw", "weight_decay": 0.5})
    return recipe.model_copy(update={"optimiser": optimiser})


def test_xla_computes_the_same_step(recipe_with, model):
    rows, labels = np.array([[1, 2], [3, -1]], np.float32), np.array([0, 2])
    begun, learnt = model.get_weights(), []
    for tables in ("", "compute = { xla = true }"):
        model.set_weights(begun)
        compile_model(model, recipe_with(tables=tables), 10)
        model.fit(rows, labels, verbose=0)
        learnt.append(model.get_weights()[0])
    assert model.jit_compile
    np.testing.assert_allclose(*learnt, rtol=1e-5)
