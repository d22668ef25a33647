import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from scripts.training import loop
from scripts.training.architectures import build
from scripts.training.data.catalogue import load_dataset
from scripts.training.examples import prepare
from scripts.training.hardware import make_reproducible
from scripts.training.progress import read_progress
from scripts.training.recipe import read_recipe


@pytest.fixture
def run(tmp_path, texts):
    """Trains a recipe in a folder; `stop_after` interrupts it in the epoch after that one, as Ctrl-C would."""

    def train(recipe, name="run", *, resume=False, stop_after=None):
        folder = tmp_path / name
        progress = loop.open_run(folder, recipe, {}, resume=resume)
        make_reproducible(recipe.fit.seed)
        material = prepare(recipe, [load_dataset(f"texts:{texts}", None)])
        model = build(recipe, material.tokenizer.get_vocab_size(), 2)
        extra = [] if stop_after is None else [Interrupt(stop_after)]
        progress = loop.train(recipe, model, material, folder, progress, quiet=True, callbacks=extra)
        return model, progress

    return train


STEPS = 6 + 2
"""An epoch's batches: 96 rows in batches of 16, and one more for each bucket but one."""


class Interrupt(keras.callbacks.Callback):
    def __init__(self, after):
        super().__init__()
        self.after = after

    def on_train_batch_end(self, batch, logs=None):
        if self.model.optimizer.iterations.numpy() > self.after * STEPS + 2:
            raise KeyboardInterrupt


def assert_same(model, other):
    for one, two in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_the_same_seed_gives_the_same_weights_also_when_the_run_was_killed_and_resumed(run, recipe_file, tmp_path):
    # One LSTM layer: its dropout is what a resumed run is likeliest to draw otherwise.
    recipe = read_recipe(recipe_file(epochs=2, replace=("units = [4, 3]", "units = [3]")))
    model, progress = run(recipe, "whole")
    with pytest.raises(KeyboardInterrupt):
        run(recipe, "killed", stop_after=1)
    assert read_progress(tmp_path / "killed").epochs == progress.epochs[:1]

    resumed, went_on = run(recipe, "killed", resume=True)
    assert went_on.epochs == progress.epochs
    assert_same(model, resumed)


def test_training_stops_when_patience_ends_and_the_best_weights_are_kept(run, recipe_file):
    path = recipe_file("topic", epochs=30, replace=("patience = 9", "patience = 1"))
    path.write_text(path.read_text().replace("learning_rate = 0.02", "learning_rate = 0.9"))
    _, progress = run(read_recipe(path))
    assert len(progress.epochs) == progress.best_epoch + 1 < 30


def test_a_run_of_another_recipe_is_not_resumed(run, recipe_file, tmp_path):
    loop.open_run(tmp_path / "run", read_recipe(recipe_file()), {}, resume=False)
    with pytest.raises(loop.RunMismatch, match="begun with another recipe"):
        loop.open_run(tmp_path / "run", read_recipe(recipe_file(epochs=5)), {}, resume=True)


def test_there_is_nothing_to_resume_or_restore_before_the_first_epoch(recipe_file, tmp_path):
    recipe = read_recipe(recipe_file())
    with pytest.raises(loop.RunMismatch, match="no run to resume"):
        loop.open_run(tmp_path / "none", recipe, {}, resume=True)
    with pytest.raises(loop.RunMismatch, match="has not finished an epoch"):
        loop.restore_best(None, tmp_path, loop.open_run(tmp_path / "new", recipe, {}, resume=False))

