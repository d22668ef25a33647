"""k-fold cross-validation: how far the figures move with the rows that are held out.

The model that is exported is none of these, nor trained on all rows: it is the recipe's own, with the recipe's own
validation part, as the best epoch, the temperature and the neutral band must be chosen on rows that it has not learnt.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.types import Array
from scripts.training.data.split import concatenate, ranked, rows_by_content, select
from scripts.training.data.types import Split
from scripts.training.examples import Material, Parts, encode_parts
from scripts.training.progress import Progress
from scripts.training.recipe import Recipe

logger = logging.getLogger(__name__)

Learn = Callable[[Recipe, Material, Path], Progress]
"""Trains the recipe's model on the material in a run's folder, going on with what stands there."""

FIGURES = ("val_loss", "val_accuracy")


def fold_numbers(split: Split, count: int, seed: int) -> Array:
    """The fold from 0 to `count` - 1 of each row (rows,): stratified, repeatable, rows of one content in one fold.

    A content that stands under two classes counts as the class of its first row.
    """
    numbers = np.empty(len(split.targets), np.int64)
    for contents in rows_by_content(split):
        for place, content in enumerate(ranked(contents, f"folds {seed}")):
            numbers[contents[content]] = place % count
    return numbers


def cross_validate(recipe: Recipe, parts: Parts, folder: Path, learn: Learn) -> dict[str, Any]:
    """Train the recipe `folds.count` times, each time validated on another fold of all its training rows.

    Each fold has a vocabulary of its own rows and a run of its own below `folder`, and one that has ended is not
    trained anew. Gives each fold's best epoch with its figures, and their mean and standard deviation.
    """
    if recipe.folds is None:
        raise TypeError("expected a recipe with [folds]; received one without")
    rows = concatenate([parts.training, parts.validation])
    numbers = fold_numbers(rows, recipe.folds.count, recipe.fit.splits_by)
    alone = recipe.model_copy(update={"folds": None})
    told = []
    for fold in range(recipe.folds.count):
        training, validation = (select(rows, np.flatnonzero(kept)) for kept in (numbers != fold, numbers == fold))
        material = encode_parts(alone, Parts(parts.labels, training, validation))
        progress = learn(alone, material, folder / f"fold_{fold + 1}")
        told.append(_told(progress, len(validation.targets)))
        logger.info("fold %d of %d: %s", fold + 1, recipe.folds.count, _line(told[-1]))
    return {"count": recipe.folds.count, "folds": told, **_summary(told)}


def _told(progress: Progress, rows: int) -> dict[str, float]:
    best = progress.epochs[progress.best_epoch - 1]
    return {"rows": rows, "best_epoch": progress.best_epoch, **{name: best[name] for name in FIGURES}}


def _summary(told: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """The mean of each figure over the folds, and its standard deviation (of a sample)."""
    values = {name: np.array([fold[name] for fold in told]) for name in FIGURES}
    summary = {
        "mean": {name: float(figures.mean()) for name, figures in values.items()},
        "standard_deviation": {name: float(figures.std(ddof=1)) for name, figures in values.items()},
    }
    spreads = zip(FIGURES, summary["mean"].values(), summary["standard_deviation"].values(), strict=True)
    logger.info("all folds: %s", ", ".join(f"{name} {mean:.4f} ± {spread:.4f}" for name, mean, spread in spreads))
    return summary


def _line(fold: Mapping[str, float]) -> str:
    figures = ", ".join(f"{name} {fold[name]:.4f}" for name in FIGURES)
    return f"{fold['rows']:,} rows, best epoch {fold['best_epoch']}, {figures}"
