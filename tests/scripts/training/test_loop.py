import signal

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from scripts.training import loop
from scripts.training.architectures import build
from scripts.training.callbacks.finite import LossNotFinite
from scripts.training.callbacks.interruption import RunInterrupted
from scripts.training.data.catalogue import load_dataset
from scripts.training.examples import prepare
from scripts.training.hardware import make_reproducible
from scripts.training.precision import computing_in
from scripts.training.progress import read_progress
from scripts.training.recipe import read_recipe


@pytest.fixture
def run(tmp_path, texts):
    """Trains a recipe in a folder; `stop_after` interrupts it in the epoch after that one, as Ctrl-C would."""

    def train(recipe, name="run", *, resume=False, stop_after=None, callbacks=()):
        folder = tmp_path / name
        progress = loop.open_run(folder, recipe, {}, resume=resume)
        make_reproducible(recipe.fit.seed)
        material = train.material = prepare(recipe, [load_dataset(f"texts:{texts}", None)])
        with computing_in(recipe.compute.precision):
            model = build(recipe, material.tokenizer.get_vocab_size(), 2)
        extra = [*callbacks, *([] if stop_after is None else [Interrupt(stop_after)])]
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


POOLING = 'kind = "pooling", embedding = 4, dropout = 0.3 }'
TRANSFORMER = 'kind = "transformer", embedding = 4, heads = 2, feed_forward = 4, blocks = 1, dropout = 0.1 }'


@pytest.fixture
def fast(recipe_file):
    """A recipe that learns within seconds, with these tables more and this in place of the optimiser's schedule."""

    def read(tables="", schedule='kind = "constant"', epochs=2):
        path = recipe_file("topic", epochs, (TRANSFORMER, f"{POOLING}\n{tables}"))
        path.write_text(path.read_text(encoding="utf-8").replace('kind = "cosine"', schedule), encoding="utf-8")
        return read_recipe(path)

    return read


class Ask(keras.callbacks.Callback):
    """Sends this process Ctrl-C after that many steps."""

    def __init__(self, after):
        super().__init__()
        self.left = after

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if not self.left:
            signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize(
    ("tables", "schedule"),
    [
        ('averaging = { kind = "ema", momentum = 0.8 }', 'kind = "plateau", factor = 0.5'),
        ('averaging = { kind = "swa", epochs = 2 }', 'kind = "cosine", warmup_epochs = 1.5'),
        ('compute = { precision = "mixed_bfloat16" }', 'kind = "constant"'),
    ],
)
def test_ctrl_c_saves_within_the_epoch_and_the_resumed_run_ends_the_same(run, fast, tables, schedule):
    recipe = fast(tables, schedule, epochs=3)
    model, progress = run(recipe, "whole")
    with pytest.raises(RunInterrupted, match=r"in epoch 2 after step 2 of 6, and saved; go on with --resume"):
        run(recipe, "stopped", callbacks=[Ask(after=6 + 2)])
    resumed, went_on = run(recipe, "stopped", resume=True)
    assert went_on.epochs == progress.epochs
    assert_same(model, resumed)


def test_ctrl_c_at_the_last_step_lets_the_epoch_be_validated_first(run, fast, tmp_path):
    with pytest.raises(RunInterrupted, match="interrupted after epoch 1, and saved"):
        run(fast(), callbacks=[Ask(after=6)])
    progress = read_progress(tmp_path / "run")
    assert (len(progress.epochs), progress.steps) == (1, 0)
    assert run(fast(), resume=True)[1].epochs[0] == progress.epochs[0]


def test_what_is_kept_and_left_in_the_model_is_the_mean_that_was_validated(run, fast):
    recipe = fast('averaging = { kind = "swa", epochs = 3 }', epochs=3)
    model, progress = run(recipe)
    validation = run.material.validation
    model.compile(loss="sparse_categorical_crossentropy")
    loss = model.evaluate(validation.inputs, validation.targets, verbose=0, return_dict=True)["loss"]
    assert loss == pytest.approx(progress.epochs[progress.best_epoch - 1]["val_loss"], rel=1e-4)


class Spoil(keras.callbacks.Callback):
    """Makes the weights no numbers after that many steps."""

    def __init__(self, after):
        super().__init__()
        self.left = after

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if not self.left:
            self.model.set_weights([weight * np.nan for weight in self.model.get_weights()])


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (6 + 2, "the loss became nan in epoch 2 at step 3 of 6; epoch 1 is kept and can be exported"),
        (6 + 6, "the loss became nan in epoch 2 in its validation; epoch 1 is kept"),
        (1, "the loss became nan in epoch 1 at step 2 of 6; nothing is kept. Lower optimiser.learning_rate or set"),
    ],
)
def test_a_loss_that_is_no_number_ends_the_run_with_its_place_and_keeps_the_epoch_before(
    run, fast, tmp_path, after, told
):
    with pytest.raises(LossNotFinite) as caught:
        run(fast(epochs=3), callbacks=[Spoil(after)])
    assert str(caught.value).startswith(told)
    assert len(read_progress(tmp_path / "run").epochs) == (after > 1)


def test_labels_weigh_alike_where_the_recipe_balances():
    assert loop.label_weights(np.array([[0.0], [1.0], [1.0], [1.0]])) == {0: 2.0, 1: pytest.approx(2 / 3)}


def test_training_stops_when_patience_ends_and_the_best_weights_are_kept(run, recipe_file):
    path = recipe_file("topic", epochs=30, replace=("patience = 9", "patience = 1"))
    path.write_text(path.read_text().replace("learning_rate = 0.02", "learning_rate = 0.9"))
    _, progress = run(read_recipe(path))
    assert len(progress.epochs) == progress.best_epoch + 1 < 30


def test_a_run_of_another_recipe_is_not_resumed(run, recipe_file, tmp_path):
    loop.open_run(tmp_path / "run", read_recipe(recipe_file()), {}, resume=False)
    with pytest.raises(loop.RunMismatch, match="begun with another recipe"):
        loop.open_run(tmp_path / "run", read_recipe(recipe_file(epochs=5)), {}, resume=True)


def test_a_run_is_taken_up_where_only_what_comes_after_the_training_has_changed(recipe_file, tmp_path):
    loop.open_run(tmp_path / "run", read_recipe(recipe_file()), {}, resume=False)
    other = read_recipe(recipe_file(replace=('purpose = "Made up."', 'purpose = "Told anew."')))
    other = other.model_copy(update={"calibration": other.calibration.model_copy(update={"temperature": False})})
    assert loop.open_run(tmp_path / "run", other, {}, resume=True).epochs == ()


def test_there_is_nothing_to_resume_or_restore_before_the_first_epoch(recipe_file, tmp_path):
    recipe = read_recipe(recipe_file())
    with pytest.raises(loop.RunMismatch, match="no run to resume"):
        loop.open_run(tmp_path / "none", recipe, {}, resume=True)
    with pytest.raises(loop.RunMismatch, match="has not finished an epoch"):
        loop.restore_best(None, tmp_path, loop.open_run(tmp_path / "new", recipe, {}, resume=False))


def test_a_run_of_a_recipe_with_keys_of_another_time_is_not_taken_up(recipe_file, tmp_path):
    recipe = read_recipe(recipe_file())
    loop.open_run(tmp_path / "run", recipe, {}, resume=False)
    assert loop.holds_run_of(tmp_path / "run", recipe)
    kept = tmp_path / "run" / loop.RECIPE
    kept.write_text(kept.read_text(encoding="utf-8").replace('"seed"', '"sprout"'), encoding="utf-8")
    assert not loop.holds_run_of(tmp_path / "run", recipe)
    with pytest.raises(loop.RunMismatch, match="begun with another recipe"):
        loop.open_run(tmp_path / "run", recipe, {}, resume=True)
