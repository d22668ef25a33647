import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from scripts.training.architectures import build
from scripts.training.calibration.calibrated import calibrate
from scripts.training.calibration.folding import CalibrationFailed, fold, logits_of
from scripts.training.calibration.temperature import fit_temperature, softmax
from scripts.training.data.catalogue import load_dataset
from scripts.training.examples import prepare
from scripts.training.recipe import read_recipe

FIXED = "neutral_band = [0.45, 0.55]"
CHOSEN = "calibration = { neutral = { accuracy = 0.9, largest_share = 0.5 } }"


@pytest.fixture
def made(recipe_file, texts, images):
    """The recipe of that task, its material, and its model with weights that make it far too sure."""

    def make(task):
        recipe = read_recipe(recipe_file(task))
        dataset = load_dataset(f"images:{images}" if task == "digit" else f"texts:{texts}", None)
        material = prepare(recipe, [dataset])
        keras.utils.set_random_seed(1)
        model = build(recipe, material.tokenizer.get_vocab_size() if material.tokenizer else 0, len(material.labels))
        fold(model, 0.001 if task == "sentiment" else 0.05)  # an LSTM's first weights say next to nothing
        return recipe, model, material

    return make


def probabilities(model, material, buckets):
    return softmax(logits_of(model, material.validation.inputs, buckets))


@pytest.mark.parametrize("task", ["sentiment", "topic", "digit"])
def test_logits_are_what_the_last_layer_squashes_in_the_rows_order(made, task):
    recipe, model, material = made(task)
    wide = material.validation.inputs
    given = probabilities(model, material, recipe.buckets)
    if not recipe.buckets or len(recipe.buckets) == 1:
        told = model.predict_on_batch(wide)
        np.testing.assert_allclose(given, told, atol=1e-5)
    else:
        row = wide[:1, -recipe.buckets[-1] :]
        row = row[:, -next(size for size in recipe.buckets if size >= (row != 0).sum()) :]
        assert given[0, 1] == pytest.approx(float(model.predict_on_batch(row)[0, 0]), abs=1e-5)


@pytest.mark.parametrize("task", ["sentiment", "topic", "digit"])
def test_a_calibrated_model_needs_no_further_temperature_and_decides_as_before(made, task):
    recipe, model, material = made(task)
    before = probabilities(model, material, recipe.buckets)
    found = calibrate(recipe, model, material)
    after = probabilities(model, material, recipe.buckets)
    np.testing.assert_array_equal(after.argmax(axis=1), before.argmax(axis=1))
    assert found.temperature > 1
    assert found.log_loss_after < found.log_loss_before
    targets = material.validation.targets.reshape(-1).astype(int)
    again = fit_temperature(logits_of(model, material.validation.inputs, recipe.buckets), targets)
    assert found.temperature == pytest.approx(20.0) or again == pytest.approx(1.0, rel=1e-3)


def test_a_recipe_may_leave_the_probabilities_as_they_are(made, recipe_file):
    recipe, model, material = made("topic")
    recipe = recipe.model_copy(update={"calibration": recipe.calibration.model_copy(update={"temperature": False})})
    before = model.get_weights()
    found = calibrate(recipe, model, material)
    assert (found.temperature, found.ece_after) == (1.0, found.ece_before)
    for kept, given in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(kept, given)


def test_the_neutral_band_is_chosen_by_the_calibrated_probabilities(recipe_file, made):
    recipe, model, material = made("sentiment")
    chosen = read_recipe(recipe_file(replace=(FIXED, CHOSEN)))
    found = calibrate(chosen, model, material)
    low, high = found.neutral_band
    assert low == pytest.approx(1 - high)
    positive = probabilities(model, material, recipe.buckets)[:, 1]
    assert found.band.share == pytest.approx(float(((positive > low) & (positive < high)).mean()))


def test_a_model_without_a_dense_last_layer_is_refused_by_name():
    pixels = keras.Input((2,), name="pixels")
    model = keras.Model(pixels, keras.layers.Softmax(name="probabilities")(pixels), name="odd")
    with pytest.raises(CalibrationFailed, match=r"at the end of odd; received Softmax 'probabilities'"):
        fold(model, 2.0)
