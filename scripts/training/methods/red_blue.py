"""Two copies of a model, each learning from its half of the rows, and the mean of their weights.

Named by what it does: we know of no publication under this name. Averaging after each round is local SGD with two
workers that hold different rows (Stich: Local SGD Converges Fast and Communicates Little, 2019; McMahan et al.:
Communication-Efficient Learning of Deep Networks from Decentralized Data, 2017); averaging once at the end makes a
model soup of two ingredients (Wortsman et al. 2022). Averaged after each round, a copy has also learnt from the other's
half through the mean, so that its figures there flatter; the recipe's own validation part is what chooses the round.
"""

import logging
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from app.types import Array
from scripts.training import loop
from scripts.training.callbacks.averaging import WeightMean
from scripts.training.checkpoint import read_state, read_weights, write_weights
from scripts.training.crops import as_served
from scripts.training.examples import Material
from scripts.training.methods.folds import fold_numbers
from scripts.training.progress import BEST, Progress, read_progress, write_progress
from scripts.training.recipe import Recipe
from scripts.training.streams import validation_stream

logger = logging.getLogger(__name__)

SIDES = ("red", "blue")
MEAN = "mean.npz"


class StartFrom(keras.callbacks.Callback):  # type: ignore[misc]
    """Begins a copy's round with other weights than those that its last one ended with."""

    def __init__(self, weights: Sequence[Array]) -> None:
        super().__init__()
        self._weights = weights

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Put them in."""
        self.model.set_weights(self._weights)


class RedBlueTraining:
    """Trains the recipe's model in rounds, an epoch of each copy, below a run's folder.

    Every round is a figure of the run: those of the mean on the validation part, and of both copies on each other's
    half. The run's best weights are those of the best mean.
    """

    def __init__(self, recipe: Recipe, model: keras.Model, material: Material, folder: Path) -> None:
        self._recipe = recipe
        self._alone = _copys_recipe(recipe)
        self._model = model
        self._material = material
        self._folder = folder
        self._halves = halves(recipe, material)
        self._first = [keras.ops.convert_to_numpy(variable) for variable in model.variables]
        self._averages_each_round = recipe.red_blue is not None and recipe.red_blue.average == "each_round"

    def train(self, progress: Progress, *, quiet: bool = False) -> Progress:
        """Train until the recipe says stop, going on from `progress`, and leave the best mean in the model."""
        fit = self._recipe.fit
        while len(progress.epochs) < fit.epochs and not progress.has_stalled(fit.patience):
            number = len(progress.epochs)
            copies = [self._learn(side, number, quiet=quiet) for side in SIDES]
            figures = self._average([weights for weights, _ in copies], [own for _, own in copies])
            progress = self._save(progress, figures, [own for _, own in copies])
            logger.info("round %d of %d: %s", number + 1, fit.epochs, _line(figures))
        loop.restore_best(self._model, self._folder, progress)
        return progress

    def _learn(self, side: str, number: int, *, quiet: bool) -> tuple[list[Array], Progress]:
        """A copy's round, unless it stands finished on the disk: its weights and its progress."""
        folder, material = self._folder / side, self._halves[side]
        folder.mkdir(exist_ok=True)
        progress = read_progress(folder)
        callbacks: list[keras.callbacks.Callback] = []
        if not progress.state:
            for variable, value in zip(self._model.variables, self._first, strict=True):
                variable.assign(value)
        elif self._averages_each_round and not progress.steps:
            read_weights(self._model, self._folder / MEAN)
            callbacks.append(StartFrom(self._model.get_weights()))
        progress = loop.train(
            self._alone, self._model, material, folder, progress, quiet=quiet, callbacks=callbacks, until=number + 1
        )
        read_state(self._model, WeightMean(self._model), folder / progress.state)
        return self._model.get_weights(), progress

    def _average(self, weights: Sequence[Sequence[Array]], copies: Sequence[Progress]) -> dict[str, float]:
        """Put the mean into the model and judge it."""
        self._model.set_weights([np.mean(both, axis=0) for both in zip(*weights, strict=True)])
        rows, steps = validation_stream(
            self._material.validation, self._recipe.buckets, self._material.signature, self._model.distribute_strategy
        )
        judged = self._model.evaluate(rows, steps=steps, verbose=0, return_dict=True)
        last = [copy.epochs[-1] for copy in copies]
        learnt = {name: statistics.mean(figures[name] for figures in last) for name in ("loss", "accuracy")}
        apart = {
            f"{side}_{name}": figures[name]
            for side, figures in zip(SIDES, last, strict=True)
            for name in ("val_loss", "val_accuracy")
        }
        return learnt | {f"val_{name}": float(judged[name]) for name in learnt} | apart

    def _save(self, before: Progress, figures: Mapping[str, float], copies: Sequence[Progress]) -> Progress:
        """Keep the mean, also as the best one where it is, and the figures."""
        progress = Progress(
            epochs=(*before.epochs, dict(figures)),
            epoch_seconds=(*before.epoch_seconds, sum(copy.epoch_seconds[-1] for copy in copies)),
            learning_seconds=(*before.learning_seconds, sum(copy.learning_seconds[-1] for copy in copies)),
            state=MEAN,
        )
        write_weights(self._model, self._folder / MEAN)
        if progress.best_epoch == len(progress.epochs):
            write_weights(self._model, self._folder / BEST)
        write_progress(self._folder, progress)
        return progress


def halves(recipe: Recipe, material: Material) -> dict[str, Material]:
    """For each copy what it learns from, and for validation the other's half as serving would read it.

    Both halves have as many rows of each label, and rows of one content are in the same half.
    """
    numbers = fold_numbers(material.parts.training, len(SIDES), recipe.fit.splits_by)
    own = {side: numbers == number for number, side in enumerate(SIDES)}
    learnt = material.training
    read = learnt if recipe.text is None else replace(learnt, inputs=as_served(recipe.text, learnt.inputs))
    return {side: replace(material, training=learnt.at(mine), validation=read.at(~mine)) for side, mine in own.items()}


def _copys_recipe(recipe: Recipe) -> Recipe:
    """The recipe of one copy, which goes on as long as the mean does."""
    fit = recipe.fit.model_copy(update={"patience": recipe.fit.epochs + 1})
    return recipe.model_copy(update={"red_blue": None, "fit": fit})


def _line(figures: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in figures.items())
