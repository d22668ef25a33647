"""From a recipe to trained weights in its run's folder, by whichever method the recipe asks for."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from app.labelled.problems import problem_lines
from scripts.training import loop
from scripts.training.architectures import build
from scripts.training.data.catalogue import load_datasets
from scripts.training.data.types import Dataset
from scripts.training.examples import Material, prepare
from scripts.training.hardware import is_chief, make_reproducible
from scripts.training.methods.findings import keep_findings
from scripts.training.methods.folds import cross_validate
from scripts.training.methods.red_blue import RedBlueTraining
from scripts.training.methods.teachers import Teacher, model_teacher
from scripts.training.methods.teaching import label_of, origins_of
from scripts.training.ngrams.fitting import fit_ngrams
from scripts.training.precision import computing_in
from scripts.training.progress import Progress
from scripts.training.recipe import Recipe, RecipeInvalid
from scripts.training.word_vectors import set_first_vectors

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Places:
    """Folders: where data are read from, where runs are kept while they last, where finished versions go.

    `recipes` holds those of the teachers that a recipe may name.
    """

    data: Path
    runs: Path
    models: Path
    recipes: Path = Path("recipes")


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a run has come to: its data, and its progress, in whose folder the best weights lie."""

    datasets: Sequence[Dataset]
    material: Material
    progress: Progress


def learn(
    recipe: Recipe,
    places: Places,
    strategy: tf.distribute.Strategy,
    progress: Progress,
    *,
    teachers: Sequence[Teacher] = (),
) -> Learnt:
    """Go on with the recipe's run from `progress` until it has ended, by the method that the recipe asks for.

    Raises `RecipeInvalid` where several machines are to do what needs one run's folder for several models.
    """
    _refuse_several_machines(recipe, strategy)
    run = places.runs / recipe.name
    make_reproducible(recipe.fit.seed)
    datasets, material = gather(recipe, places.data)
    origins = origins_of(recipe, teachers)
    findings: dict[str, Any] = {"teachers": origins} if origins else {}
    if recipe.folds is not None:
        findings["folds"] = cross_validate(recipe, material.parts, run, partial(_learn_fold, strategy))
        make_reproducible(recipe.fit.seed)
    if findings and is_chief(strategy):
        keep_findings(run, findings)
    label = label_of(recipe, material, teachers, run)
    with strategy.scope(), computing_in(recipe.compute.precision):
        model = new_model(recipe, material)
    if progress.state:
        logger.info("resuming after epoch %d of %d, step %d", len(progress.epochs), recipe.fit.epochs, progress.steps)
    if recipe.red_blue is not None:
        progress = RedBlueTraining(recipe, model, material, run).train(progress)
    else:
        progress = loop.train(recipe, model, material, run, progress, label=label)
    return Learnt(datasets, material, progress)


def _refuse_several_machines(recipe: Recipe, strategy: tf.distribute.Strategy) -> None:
    methods = [name for name in ("distillation", "folds", "red_blue") if getattr(recipe, name) is not None]
    if methods and isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        raise RecipeInvalid(f"expected one machine for {' and '.join(methods)}; received several; leave out TF_CONFIG")


def _learn_fold(strategy: tf.distribute.Strategy, recipe: Recipe, material: Material, run: Path) -> Progress:
    """Train one of the models of a cross-validation, or go on with it."""
    progress = loop.open_run(run, recipe, {}, resume=loop.holds_run_of(run, recipe))
    make_reproducible(recipe.fit.seed)
    with strategy.scope(), computing_in(recipe.compute.precision):
        model = new_model(recipe, material)
    return loop.train(recipe, model, material, run, progress)


def learn_to_teach(
    places: Places, began: Mapping[str, Any], strategy: tf.distribute.Strategy, recipe: Recipe
) -> Teacher:
    """The recipe's model as a teacher; its run is begun, gone on with, or taken as it is where it has ended.

    It answers in the recipe's own precision, as nobody is served by it.
    """
    run = places.runs / recipe.name
    logger.info("teacher %s", recipe.name)
    progress = loop.open_run(run, recipe, began, resume=loop.holds_run_of(run, recipe))
    learnt = learn(recipe, places, strategy, progress)
    with computing_in(recipe.compute.precision):
        model = best_model(recipe, learnt, run)
    return model_teacher(recipe, model, learnt.material, learnt.progress)


def best_model(recipe: Recipe, learnt: Learnt, run: Path) -> keras.Model:
    """A model on one device, float32 outside `computing_in`, with the best weights of its run and all else it needs."""
    model = new_model(recipe, learnt.material)
    loop.restore_best(model, run, learnt.progress)
    fit_ngrams(recipe, model, learnt.material)
    return model


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
    model = build(recipe, vocabulary_size, len(material.labels))
    set_first_vectors(recipe, model, material.tokenizer)
    return model


def _rows(dataset: Dataset) -> tuple[int, int]:
    return len(dataset.train.targets), len(dataset.test.targets)
