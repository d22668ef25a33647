"""The whole way of `scripts.train`: data, model, training, export."""

import logging
from functools import partial
from pathlib import Path

from app.repository.manifest import Manifest
from app.repository.versions import version_folder
from scripts.training import loop
from scripts.training.export import export_version
from scripts.training.hardware import describe_device, is_chief, make_reproducible, open_strategy
from scripts.training.learning import Learnt, Places, best_model, gather, learn, learn_to_teach
from scripts.training.methods.findings import findings_of
from scripts.training.methods.teaching import open_teachers
from scripts.training.progress import Progress
from scripts.training.provenance import origin
from scripts.training.recipe import Recipe
from scripts.training.report import Trained

logger = logging.getLogger(__name__)


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
    began = origin(command, describe_device(strategy))
    logger.info("training on %s", describe_device(strategy))
    progress = Progress()
    if resume or is_chief(strategy):
        progress = loop.open_run(run, recipe, began, resume=resume)
    with open_teachers(recipe, places.recipes, partial(learn_to_teach, places, began, strategy)) as teachers:
        learnt = learn(recipe, places, strategy, progress, teachers=teachers)
    if not is_chief(strategy):
        logger.info("this machine's part is done; the first one exports")
        return None
    logger.info("kept epoch %d of %d", learnt.progress.best_epoch, len(learnt.progress.epochs))
    return _export(recipe, places, learnt, version)


def export_run(recipe: Recipe, places: Places, *, version: int | None = None) -> Path:
    """Export the best weights that the recipe's run has reached so far, also one that was interrupted."""
    version_folder(places.models, recipe.name, version)
    progress = loop.open_run(places.runs / recipe.name, recipe, {}, resume=True)
    make_reproducible(recipe.fit.seed)
    return _export(recipe, places, Learnt(*gather(recipe, places.data), progress), version)


def _export(recipe: Recipe, places: Places, learnt: Learnt, version: int | None) -> Path:
    """Export the run's best weights with all that was found."""
    run = places.runs / recipe.name
    model = best_model(recipe, learnt, run)
    found = findings_of(recipe, model, learnt.material, learnt.datasets, run)
    trained = Trained(recipe, model, learnt.material, learnt.datasets, learnt.progress, loop.origin_of(run), found)
    return finish(trained, places, version)


def finish(trained: Trained, places: Places, version: int | None) -> Path:
    """Export as the next version, or as the one that was asked for, and say what it reached."""
    target = version_folder(places.models, trained.recipe.name, version)
    manifest: Manifest = export_version(trained, target)
    figures = ", ".join(f"{name} {value:.4f}" for name, value in manifest.statistics.items() if "/" not in name)
    logger.info("%s: runtime %s; test: %s", target, manifest.plan.runtime if manifest.plan else "unknown", figures)
    return target
