import re

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from scripts.training import loop
from scripts.training.architectures import build
from scripts.training.data.catalogue import load_dataset
from scripts.training.examples import prepare
from scripts.training.hardware import make_reproducible
from scripts.training.methods.red_blue import RedBlueTraining, halves
from scripts.training.progress import read_progress
from scripts.training.recipe import read_recipe


@pytest.fixture
def training(recipe_file, texts, tmp_path):
    """A red and blue training of two rounds in a run's folder, with the progress that stands there."""

    def make(name, average="each_round", *, epochs=2, resume=False):
        line = f'red_blue = {{ average = "{average}" }}'
        path = recipe_file("topic", epochs, replace=("datasets", f"{line}\ndatasets"))
        # No attention and no LSTM: these tests compile a model for every epoch.
        text = re.sub(
            r"architecture = .*", 'architecture = {kind = "pooling", embedding = 4, dropout = 0.2}', path.read_text()
        )
        path.write_text(text)
        recipe = read_recipe(path)
        progress = loop.open_run(tmp_path / name, recipe, {}, resume=resume)
        make_reproducible(recipe.fit.seed)
        material = prepare(recipe, [load_dataset(f"texts:{texts}", None)])
        model = build(recipe, material.tokenizer.get_vocab_size(), 2)
        return RedBlueTraining(recipe, model, material, tmp_path / name), model, progress

    return make


def test_each_copy_learns_one_half_and_is_validated_on_the_other(recipe_file, texts):
    recipe = read_recipe(recipe_file())
    material = prepare(recipe, [load_dataset(f"texts:{texts}", None)])
    parts = halves(recipe, material)
    assert [len(part.training.targets) for part in parts.values()] == [48, 48]
    assert [part.training.targets.sum() for part in parts.values()] == [24, 24]
    np.testing.assert_array_equal(parts["red"].validation.targets, parts["blue"].training.targets)
    # Serving reads the last eight tokens of at most twelve.
    np.testing.assert_array_equal(parts["red"].validation.inputs, parts["blue"].training.inputs[:, -8:])


def test_the_mean_is_judged_every_round_and_the_curves_of_both_copies_are_kept(training, tmp_path):
    red_blue, _, progress = training("run", "at_the_end", epochs=1)
    progress = red_blue.train(progress, quiet=True)
    assert len(progress.epochs) == 1
    assert {"loss", "accuracy", "val_loss", "val_accuracy", "red_val_loss", "blue_val_accuracy"} <= set(
        progress.epochs[0]
    )
    assert read_progress(tmp_path / "run") == progress
    assert [len(read_progress(tmp_path / "run" / side).epochs) for side in ("red", "blue")] == [1, 1]


class Interrupt(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        raise KeyboardInterrupt


def test_an_interrupted_training_goes_on_to_the_same_mean(training, tmp_path, monkeypatch):
    whole, model, progress = training("whole")
    expected = whole.train(progress, quiet=True)

    killed, _, progress = training("killed")
    learn, calls = loop.train, []

    def killed_in_blues_second_round(*given, **options):
        calls.append(given)
        extra = [Interrupt()] if len(calls) == 4 else []
        return learn(*given, **options | {"callbacks": [*options["callbacks"], *extra]})

    with monkeypatch.context() as patch:
        patch.setattr(loop, "train", killed_in_blues_second_round)
        with pytest.raises(KeyboardInterrupt):
            killed.train(progress, quiet=True)
    resumed, other, progress = training("killed", resume=True)
    assert len(progress.epochs) == 1
    assert resumed.train(progress, quiet=True).epochs == expected.epochs
    for one, two in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
