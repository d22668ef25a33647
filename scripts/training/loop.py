"""The training loop: Keras's own `fit` with callbacks that save, stop early and can go on after a kill."""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from app.errors import HorngateError
from app.types import Array
from scripts.training.augmentation import augmentation_of
from scripts.training.batches import Batches
from scripts.training.crops import crops_of
from scripts.training.examples import Material
from scripts.training.progress import BEST, Progress, SaveProgress, read_progress, restore
from scripts.training.recipe import Recipe
from scripts.training.streams import endless, once

BAR, LINES = 1, 2
"""Keras's words for a progress bar, and for one line an epoch, as a log file wants."""

RECIPE, ORIGIN = "recipe.json", "origin.json"


class RunMismatch(HorngateError):
    """The run's folder holds another recipe's run, or none that could be taken up."""

    code = "run_mismatch"
    title = "The run cannot be taken up"


def describe_device() -> str:
    """The device that TensorFlow will train on, in words: the GPU's name where there is one."""
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "CPU (TensorFlow sees no GPU)"
    names = [tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name) for gpu in gpus]
    return f"GPU: {', '.join(names)}"


def make_reproducible(seed: int) -> None:
    """Seed Python, numpy and TensorFlow, and ask TensorFlow for operations that give the same result every time."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def open_run(folder: Path, recipe: Recipe, origin: Mapping[str, Any], *, resume: bool) -> Progress:
    """Prepare the run's folder, empty or with what an earlier run of the same recipe has reached.

    A new run keeps `origin`, which says in JSON what began it; `origin_of` reads it back. Raises `RunMismatch` where
    `resume` finds no run or one of another recipe.
    """
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / ORIGIN).write_text(json.dumps(origin), encoding="utf-8")
        (folder / RECIPE).write_text(recipe.model_dump_json(indent=2), encoding="utf-8")
        return Progress()
    if not (folder / RECIPE).is_file():
        raise RunMismatch(f"no run to resume in {folder}; start one without --resume")
    if Recipe.model_validate_json((folder / RECIPE).read_bytes()) != recipe:
        raise RunMismatch(f"the run in {folder} was begun with another recipe; start anew without --resume")
    return read_progress(folder)


def origin_of(folder: Path) -> dict[str, Any]:
    """What began the run: its command, the code's commit, the machine."""
    return dict(json.loads((folder / ORIGIN).read_text(encoding="utf-8")))


def compile_model(model: keras.Model, recipe: Recipe, steps: int) -> None:
    """Give the model its loss (cross-entropy), accuracy and the recipe's optimiser for that many steps an epoch."""
    settings = recipe.optimiser
    rate = settings.learning_rate
    if settings.decay == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(settings.learning_rate, recipe.fit.epochs * steps)
    if settings.kind == "adamw":
        optimiser = keras.optimizers.AdamW(rate, weight_decay=settings.weight_decay)
    else:
        optimiser = keras.optimizers.Adam(rate)
    is_binary = model.output_shape[-1] == 1
    loss = "binary_crossentropy" if is_binary else "sparse_categorical_crossentropy"
    model.compile(optimiser, loss, metrics=["accuracy"])


def train(
    recipe: Recipe,
    model: keras.Model,
    material: Material,
    folder: Path,
    progress: Progress,
    *,
    quiet: bool = False,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> Progress:
    """Train until the recipe says stop, going on from `progress`, and leave the best weights in the model.

    `callbacks` come after those that save and log. Ctrl-C leaves the run as its last epoch saved it, and raises
    KeyboardInterrupt.
    """
    fit = recipe.fit
    done = len(progress.epochs)
    batches = Batches(
        material.training,
        fit.batch_size,
        fit.seed,
        augmentation_of(recipe),
        draw_crops=crops_of(recipe),
        buckets=recipe.buckets,
        first_epoch=done,
    )
    compile_model(model, recipe, batches.steps_per_epoch)
    if progress.state:
        restore(model, folder, progress)
    saving = SaveProgress(folder, progress, fit.patience)
    if done < fit.epochs and not progress.has_stalled(fit.patience):
        model.fit(
            endless(batches, material.signature),
            validation_data=once(material.validation, recipe.buckets, material.signature),
            epochs=fit.epochs,
            initial_epoch=done,
            steps_per_epoch=batches.steps_per_epoch,
            shuffle=False,
            class_weight=_label_weights(material.training.targets) if fit.balance else None,
            callbacks=[saving, keras.callbacks.TensorBoard(folder / "tensorboard"), *callbacks],
            verbose=0 if quiet else BAR if sys.stdout.isatty() else LINES,
        )
    restore_best(model, folder, saving.progress)
    return saving.progress


def _label_weights(targets: Array) -> dict[int, float]:
    """By label: the mean number of rows of a label, divided by the label's own."""
    labels, counts = np.unique(targets.astype(np.int64), return_counts=True)
    return {int(label): float(counts.mean() / count) for label, count in zip(labels, counts, strict=True)}


def restore_best(model: keras.Model, folder: Path, progress: Progress) -> None:
    """Load the weights of the run's best epoch; raises `RunMismatch` where it has not finished one."""
    if not progress.epochs:
        raise RunMismatch(f"the run in {folder} has not finished an epoch; resume it first")
    model.load_weights(folder / BEST, skip_mismatch=False)
