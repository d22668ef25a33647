"""The training loop: Keras's own `fit` with callbacks that save, stop early and can go on after a kill."""

import shutil
from pathlib import Path

import keras
import tensorflow as tf

from app.errors import HorngateError
from scripts.training.augmentation import augmentation_of
from scripts.training.batches import Batches, EpochClock
from scripts.training.examples import Material
from scripts.training.progress import BEST, Progress, SaveProgress, read_progress
from scripts.training.recipe import Recipe

RECIPE = "recipe.json"


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


def open_run(folder: Path, recipe: Recipe, *, resume: bool) -> Progress:
    """Prepare the run's folder, empty or with what an earlier run of the same recipe has reached.

    Raises `RunMismatch` where `resume` finds no run or one of another recipe.
    """
    told = recipe.model_dump_json(indent=2)
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / RECIPE).write_text(told, encoding="utf-8")
        return Progress()
    if not (folder / RECIPE).is_file():
        raise RunMismatch(f"no run to resume in {folder}; start one without --resume")
    if (folder / RECIPE).read_text(encoding="utf-8") != told:
        raise RunMismatch(f"the run in {folder} was begun with another recipe; start anew without --resume")
    return read_progress(folder)


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
    verbose: int | str = "auto",
) -> Progress:
    """Train until the recipe says stop, going on from `progress`, and leave the best weights in the model.

    Ctrl-C leaves the run as its last epoch saved it and raises KeyboardInterrupt.
    """
    fit = recipe.fit
    batches = Batches(material.training, fit.batch_size, fit.seed, augmentation_of(recipe))
    compile_model(model, recipe, len(batches))
    if progress.state:
        model.optimizer.build(model.trainable_variables)
        model.load_weights(folder / progress.state)
    saving = SaveProgress(folder, progress, fit.patience)
    if len(progress.epochs) < fit.epochs and not progress.has_stalled(fit.patience):
        model.fit(
            batches,
            validation_data=(material.validation.inputs, material.validation.targets),
            validation_batch_size=max(fit.batch_size, 256),
            epochs=fit.epochs,
            initial_epoch=len(progress.epochs),
            callbacks=[EpochClock(batches), saving, keras.callbacks.TensorBoard(folder / "tensorboard")],
            verbose=verbose,
        )
    restore_best(model, folder, saving.progress)
    return saving.progress


def restore_best(model: keras.Model, folder: Path, progress: Progress) -> None:
    """Load the weights of the run's best epoch; raises `RunMismatch` where it has not finished one."""
    if not progress.epochs:
        raise RunMismatch(f"the run in {folder} has not finished an epoch; resume it first")
    model.load_weights(folder / BEST, skip_mismatch=False)
