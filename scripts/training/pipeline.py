"""The whole way of `scripts.train`: data, model, training, export."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras

from app.labelled.problems import problem_lines
from app.repository.manifest import Manifest
from scripts.training import loop
from scripts.training.architectures import build
from scripts.training.data.catalogue import load_datasets
from scripts.training.data.types import Dataset
from scripts.training.examples import Material, prepare
from scripts.training.export import export_version
from scripts.training.hardware import describe_device, is_chief, make_reproducible, open_strategy
from scripts.training.precision import computing_in
from scripts.training.progress import Progress
from scripts.training.provenance import origin
from scripts.training.recipe import Recipe
from scripts.training.report import Trained
from scripts.training.versions import version_folder

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Places:
    """Folders: where data are read from, where runs are kept while they last, where finished versions go."""

    data: Path
    runs: Path
    models: Path


def train_and_export(
    recipe: Recipe, places: Places, command: str, *, version: int | None = None, resume: bool = False
) -> Path | None:
    """Train the recipe's model, measure it on the test splits and export it; gives the version's folder.

    What is exported computes in float32 on one device, however it was trained. Of several machines the first exports,
    and the others give None. Raises a `HorngateError` where recipe, data, run or version do not suit, before training
    where that can be known.
    """
    version_folder(places.models, recipe.name, version)
    strategy = open_strategy()
    run = places.runs / recipe.name
    device = describe_device(strategy)
    progress = Progress()
    if resume or is_chief(strategy):
        progress = loop.open_run(run, recipe, origin(command, device), resume=resume)
    make_reproducible(recipe.fit.seed)
    logger.info("training on %s", device)
    datasets, material = gather(recipe, places.data)
    with strategy.scope(), computing_in(recipe.compute.precision):
        model = new_model(recipe, material)
    if progress.state:
        logger.info("resuming after epoch %d of %d, step %d", len(progress.epochs), recipe.fit.epochs, progress.steps)
    progress = loop.train(recipe, model, material, run, progress)
    if not is_chief(strategy):
        logger.info("this machine's part is done; the first one exports")
        return None
    logger.info("kept epoch %d of %d", progress.best_epoch, len(progress.epochs))
    final = new_model(recipe, material)
    loop.restore_best(final, run, progress)
    return finish(Trained(recipe, final, material, datasets, progress, loop.origin_of(run)), places, version)


def export_run(recipe: Recipe, places: Places, *, version: int | None = None) -> Path:
    """Export the best weights that the recipe's run has reached so far, also one that was interrupted."""
    run = places.runs / recipe.name
    version_folder(places.models, recipe.name, version)
    progress = loop.open_run(run, recipe, {}, resume=True)
    make_reproducible(recipe.fit.seed)
    datasets, material = gather(recipe, places.data)
    model = new_model(recipe, material)
    loop.restore_best(model, run, progress)
    return finish(Trained(recipe, model, material, datasets, progress, loop.origin_of(run)), places, version)


def gather(recipe: Recipe, data: Path) -> tuple[Sequence[Dataset], Material]:
    """The recipe's data sets, and what to learn from them."""
    datasets = load_datasets(recipe.datasets, data)
    for dataset in datasets:
        logger.info("%s: %d training rows, %d test rows", dataset.name, *_rows(dataset))
        for line in problem_lines(dataset.problems):
            logger.warning("%s: %s", dataset.name, line)
    return datasets, prepare(recipe, datasets)


def new_model(recipe: Recipe, material: Material) -> keras.Model:
    """The recipe's model with its first weights."""
    vocabulary_size = material.tokenizer.get_vocab_size() if material.tokenizer is not None else 0
    return build(recipe, vocabulary_size, len(material.labels))


def finish(trained: Trained, places: Places, version: int | None) -> Path:
    """Export as the next version, or as the one that was asked for, and say what it reached."""
    target = version_folder(places.models, trained.recipe.name, version)
    manifest: Manifest = export_version(trained, target)
    figures = ", ".join(f"{name} {value:.4f}" for name, value in manifest.statistics.items() if "/" not in name)
    logger.info("%s: runtime %s; test: %s", target, manifest.plan.runtime if manifest.plan else "unknown", figures)
    return target


def _rows(dataset: Dataset) -> tuple[int, int]:
    return len(dataset.train.targets), len(dataset.test.targets)
