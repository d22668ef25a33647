"""A student's teachers: opened, trained first where they are not, and asked about its training rows."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from app.types import Array
from scripts.training.batches import Label
from scripts.training.checkpoint import write_whole
from scripts.training.examples import Material, task_inputs
from scripts.training.methods.distillation import label_same, label_whole
from scripts.training.methods.teachers import (
    Teacher,
    TeacherUnfit,
    average_label,
    check_recipe_teacher,
    version_teacher,
)
from scripts.training.recipe import FrozenEncoder, Recipe, read_recipe
from scripts.training.sentence_encoder.opinions import cross_fitted, open_vectors

logger = logging.getLogger(__name__)

Train = Callable[[Recipe], Teacher]
"""Trains a recipe's model, or goes on with its run, or takes what its finished run has reached."""

OPINIONS = "opinions.npy"


@contextmanager
def open_teachers(recipe: Recipe, recipes: Path, train: Train) -> Iterator[Sequence[Teacher]]:
    """The recipe's teachers until the block ends; none where it has no distillation, or an encoder in their place.

    A name with a slash is a version's folder, any other a recipe in the folder `recipes`. Raises `TeacherUnfit`,
    `RecipeInvalid` or `ModelInvalid`, before anything is trained.
    """
    names = () if recipe.distillation is None else recipe.distillation.teachers
    with ExitStack() as stack:
        taught = {name: read_recipe(recipes / f"{name}.toml") for name in names if "/" not in name}
        for teacher in taught.values():
            check_recipe_teacher(teacher, recipe)
        versions = {
            name: stack.enter_context(version_teacher(Path(name), recipe)) for name in names if name not in taught
        }
        yield [versions[name] if name in versions else train(taught[name]) for name in names]


def label_of(recipe: Recipe, material: Material, teachers: Sequence[Teacher], run: Path) -> Label | None:
    """The targets of the training rows as the teachers or the encoder see them; None where there are none.

    What they think of whole rows is kept in the run's folder, so that a resumed run learns the same. Raises
    `TeacherUnfit` where a teacher's labels are not the student's, `RecipeInvalid` where the encoder is not there.
    """
    if recipe.distillation is None:
        return None
    if recipe.distillation.encoder is not None:
        think = partial(_encoders_opinions, recipe.distillation.encoder, material, recipe.fit.seed)
        return label_whole(material, _opinions(material, think, run / OPINIONS))
    for teacher in teachers:
        if tuple(teacher.labels) != material.labels:
            raise TeacherUnfit(
                f"expected a teacher of the labels {list(material.labels)}; {teacher.name} has {list(teacher.labels)}"
            )
    ask = partial(average_label, teachers)
    if recipe.distillation.view == "same":
        return label_same(material, recipe.text.keep if recipe.text is not None else "tail", ask)
    whole = material.parts.training.inputs
    return label_whole(material, _opinions(material, lambda: ask(task_inputs(whole)), run / OPINIONS))


def origins_of(recipe: Recipe, teachers: Sequence[Teacher]) -> list[Mapping[str, Any]]:
    """What the report tells of those that taught; empty where nobody did."""
    encoder = recipe.distillation.encoder if recipe.distillation is not None else None
    own = [] if encoder is None else [{"name": encoder.package, "sha256": encoder.sha256}]
    return [*own, *(teacher.origin for teacher in teachers)]


def _opinions(material: Material, think: Callable[[], Array], path: Path) -> Array:
    """What they `think` of each whole training row (rows, labels), from the file where it stands."""
    if path.is_file():
        return np.asarray(np.load(path))
    logger.info("the teachers label %d rows", len(material.training.targets))
    opinions = think()
    right = opinions.argmax(axis=1) == material.parts.training.targets
    logger.info("their likeliest label is the row's own in %.2f %%", 100 * right.mean())
    write_whole(path, lambda file: np.save(file, opinions))
    return opinions


def _encoders_opinions(settings: FrozenEncoder, material: Material, seed: int) -> Array:
    training = material.parts.training
    vectors = open_vectors(settings, "distillation.encoder")
    return cross_fitted(settings, [str(text) for text in training.inputs], training.targets, seed, vectors)
