"""The training loop: Keras's own `fit` with callbacks that save, stop early and can go on after a kill."""

import json
import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from pydantic import ValidationError

from app.errors import HorngateError
from app.types import Array
from scripts.training.augmentation import augmentation_of
from scripts.training.batches import Batches, Label
from scripts.training.callbacks.averaging import WeightMean
from scripts.training.callbacks.interruption import StopWhenAsked, stop_requests
from scripts.training.callbacks.saving import SaveProgress
from scripts.training.callbacks.selection import callbacks_of
from scripts.training.callbacks.telling import told
from scripts.training.checkpoint import read_state, read_weights, write_whole
from scripts.training.compilation import compile_model
from scripts.training.crops import crops_of
from scripts.training.examples import Material
from scripts.training.hardware import describe_scale, is_chief
from scripts.training.machines import fit_for_several_machines, spans_machines
from scripts.training.progress import BEST, Progress, read_progress
from scripts.training.recipe import Recipe
from scripts.training.streams import training_stream, validation_stream

logger = logging.getLogger(__name__)

RECIPE, ORIGIN = "recipe.json", "origin.json"

AFTER_TRAINING = {"quantisation", "calibration", "report", "card"}
"""The recipe's parts that say what is done with the weights once they are found."""


class RunMismatch(HorngateError):
    """The run's folder holds another recipe's run, or none that could be taken up."""

    code = "run_mismatch"
    title = "The run cannot be taken up"


def open_run(folder: Path, recipe: Recipe, origin: Mapping[str, Any], *, resume: bool) -> Progress:
    """Prepare the run's folder, empty or with what an earlier run of the same recipe has reached.

    A new run keeps `origin`, which says in JSON what began it; `origin_of` reads it back. Raises `RunMismatch` where
    `resume` finds no run or one of another recipe; what comes after the training may have changed.
    """
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        write_whole(folder / ORIGIN, lambda file: file.write(json.dumps(origin).encode()))
        write_whole(folder / RECIPE, lambda file: file.write(recipe.model_dump_json(indent=2).encode()))
        return Progress()
    if not (folder / RECIPE).is_file():
        raise RunMismatch(f"no run to resume in {folder}; start one without --resume")
    if not holds_run_of(folder, recipe):
        raise RunMismatch(f"the run in {folder} was begun with another recipe; start anew without --resume")
    return read_progress(folder)


def holds_run_of(folder: Path, recipe: Recipe) -> bool:
    """Whether the folder holds a run of this recipe, all that comes after the training aside."""
    path = folder / RECIPE
    if not path.is_file():
        return False
    try:
        begun = Recipe.model_validate_json(path.read_bytes())
    except ValidationError:  # of a time when recipes had other keys
        return False
    return begun.model_dump(exclude=AFTER_TRAINING) == recipe.model_dump(exclude=AFTER_TRAINING)


def origin_of(folder: Path) -> dict[str, Any]:
    """What began the run: its command, the code's commit, the machine."""
    return dict(json.loads((folder / ORIGIN).read_text(encoding="utf-8")))


def train(
    recipe: Recipe,
    model: keras.Model,
    material: Material,
    folder: Path,
    progress: Progress,
    *,
    quiet: bool = False,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    label: Label | None = None,
    until: int | None = None,
) -> Progress:
    """Train until the recipe says stop, going on from `progress`, and leave the best weights in the model.

    `callbacks` come after those that save and log. A `label` gives the training rows their targets; `until` is the last
    epoch, where that is not the recipe's. The first Ctrl-C or SIGTERM saves and raises `RunInterrupted`;
    KeyboardInterrupt leaves the run as it was last saved. Raises `LossNotFinite` where the loss is no number any more,
    `RunNotSaved` where the disk is full: what was saved before is intact.
    """
    strategy = model.distribute_strategy
    batches = batches_of(recipe, material, len(progress.epochs), strategy.num_replicas_in_sync, label)
    steps = batches.steps_per_epoch
    compile_model(model, recipe, steps)
    fit_for_several_machines(model, batches[0])
    mean = WeightMean(model)
    if progress.state:
        read_state(model, mean, folder / progress.state)
    saving = SaveProgress(folder, progress, recipe.fit.patience, mean, writes=is_chief(strategy))
    validation = validation_stream(material.validation, recipe.buckets, material.signature, strategy)
    weights = label_weights(material.training.targets) if recipe.fit.balance else None
    with ExitStack() as stack:
        beside = callbacks_of(recipe, saving, mean, steps, strategy.num_replicas_in_sync)
        if not quiet:
            logger.info("%s", describe_scale(recipe, strategy.num_replicas_in_sync))
            beside.append(stack.enter_context(told(recipe, progress, steps, len(material.training.targets))))
        # One machine that stopped by itself would leave the others waiting for it.
        asked = stack.enter_context(stop_requests(heeded=not spans_machines(strategy)))
        beside += [*callbacks, StopWhenAsked(asked, saving, steps)]
        for stretch in _stretches(saving, until or recipe.fit.epochs, steps):
            rows = training_stream(
                batches, material.signature, strategy, label_weights=weights, first=stretch.first_batch
            )
            _fit(model, stretch, rows, validation, beside)
    if saving.writes:
        restore_best(model, folder, saving.progress)
    return saving.progress


def batches_of(
    recipe: Recipe, material: Material, first_epoch: int, replicas: int, label: Label | None = None
) -> Batches:
    """The training batches from that epoch on (counted from 0), each for so many replicas together."""
    return Batches(
        material.training,
        recipe.fit.batch_size * replicas,
        recipe.fit.seed,
        augmentation_of(recipe),
        label=label,
        draw_crops=crops_of(recipe),
        buckets=recipe.buckets,
        first_epoch=first_epoch,
    )


def label_weights(targets: Array) -> dict[int, float]:
    """By label: the mean number of rows of a label, divided by the label's own."""
    labels, counts = np.unique(targets.astype(np.int64), return_counts=True)
    return {int(label): float(counts.mean() / count) for label, count in zip(labels, counts, strict=True)}


def restore_best(model: keras.Model, folder: Path, progress: Progress) -> None:
    """Load the weights of the run's best epoch; raises `RunMismatch` where it has not finished one."""
    if not progress.epochs:
        raise RunMismatch(f"the run in {folder} has not finished an epoch; resume it first")
    read_weights(model, folder / BEST)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Epochs of equally many steps, from the batch of that number on."""

    first_batch: int
    first_epoch: int
    epochs: int
    steps: int


def _stretches(saving: SaveProgress, epochs: int, steps: int) -> Iterator[_Stretch]:
    """What is left to do: the rest of an epoch that was interrupted, then whole ones, unless patience ends."""
    begun = saving.progress
    done = len(begun.epochs)
    if begun.steps:
        yield _Stretch(begun.steps, done, done + 1, steps - begun.steps)
    now = saving.progress
    if len(now.epochs) < epochs and not now.has_stalled(saving.patience):
        yield _Stretch((len(now.epochs) - done) * steps, len(now.epochs), epochs, steps)


def _fit(
    model: keras.Model,
    stretch: _Stretch,
    rows: Any,
    validation: tuple[Any, int],
    callbacks: Sequence[keras.callbacks.Callback],
) -> None:
    """Learn from `rows` for a stretch of epochs, each measured on the validation's dataset of so many steps."""
    dataset, steps = validation
    model.fit(
        rows,
        validation_data=dataset,
        validation_steps=steps,
        initial_epoch=stretch.first_epoch,
        epochs=stretch.epochs,
        steps_per_epoch=stretch.steps,
        shuffle=False,
        callbacks=callbacks,
        verbose=0,
    )
