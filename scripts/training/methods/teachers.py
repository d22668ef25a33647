"""Finished models that tell a student what they think of its training rows."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from app.errors import HorngateError, ModelInvalid
from app.inference.runtimes.catalogue import make_runtime
from app.repository.manifest import read_manifest, verify_files
from app.tasks import open_task
from app.types import Array, Task
from scripts.training.evaluation import BATCH_ROWS, Run, run_rows
from scripts.training.examples import Material
from scripts.training.progress import Progress
from scripts.training.recipe import Recipe
from scripts.training.report import REPORT


class TeacherUnfit(HorngateError):
    """A teacher does not suit its student; the message says which and why."""

    code = "teacher_unfit"
    title = "The teacher does not suit the recipe"


@dataclass(frozen=True, slots=True)
class Teacher:
    """A finished model with the task that prepares its inputs: it has a vocabulary and lengths of its own.

    `origin` is what the report tells of it.
    """

    name: str
    labels: tuple[str, ...]
    task: Task
    run: Run
    output: str
    origin: Mapping[str, Any]

    def label(self, inputs: Sequence[Any]) -> Array:
        """What it thinks of texts, or of pictures (28, 28) from 0 to 1: probabilities (rows, labels) float32."""
        parts = [self._label(inputs[start : start + BATCH_ROWS]) for start in range(0, len(inputs), BATCH_ROWS)]
        return np.concatenate(parts)

    def _label(self, inputs: Sequence[Any]) -> Array:
        outputs = np.asarray(run_rows(self.run, self.task.preprocess(inputs))[self.output], np.float32)
        return np.hstack([1 - outputs, outputs]) if outputs.shape[1] == 1 else outputs


def average_label(teachers: Sequence[Teacher], inputs: Sequence[Any]) -> Array:
    """The mean of the teachers' probabilities (rows, labels)."""
    return np.asarray(np.mean([teacher.label(inputs) for teacher in teachers], axis=0))


def model_teacher(recipe: Recipe, model: keras.Model, material: Material, progress: Progress) -> Teacher:
    """A model that was trained by a recipe as a teacher, with the task that it was trained for."""
    given, output = material.signature.inputs[0].name, material.signature.outputs[0].name
    best = progress.epochs[progress.best_epoch - 1]
    origin = {"name": recipe.name, "recipe": recipe.model_dump(mode="json"), "best_epoch": best}
    return Teacher(
        recipe.name,
        material.labels,
        material.task,
        lambda tensors: {output: model.predict_on_batch(tensors[given])},
        output,
        origin,
    )


@contextmanager
def version_teacher(folder: Path, student: Recipe) -> Iterator[Teacher]:
    """An exported version as a teacher, on the runtime of its plan, until the block ends.

    Raises `TeacherUnfit` where it has another task or may have learnt rows that the student is validated on,
    `ModelInvalid` where the folder is not whole.
    """
    folder = folder.resolve()
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    name = f"{manifest.name}/{manifest.version}"
    if manifest.task != student.task:
        raise TeacherUnfit(f"expected a teacher for task {student.task!r}; {name} is for {manifest.task!r}")
    _refuse_other_split(name, _reported_recipe(folder), student)
    if manifest.plan is None:
        raise ModelInvalid(f"expected a plan in {folder}; received none that makes sense; run `horngate calibrate`")
    runtime = make_runtime(manifest.plan.runtime, threads=1)
    try:
        signature = runtime.load(folder)
        origin = {"name": name, "files": dict(manifest.files)}
        yield Teacher(
            name, manifest.labels, open_task(manifest, folder), runtime.run, signature.outputs[0].name, origin
        )
    finally:
        runtime.close()


def check_recipe_teacher(teacher: Recipe, student: Recipe) -> None:
    """Refuse, as `TeacherUnfit`, a recipe that cannot teach: of another task or split, or itself taught."""
    if teacher.task != student.task:
        raise TeacherUnfit(f"expected a teacher for task {student.task!r}; {teacher.name} is for {teacher.task!r}")
    if teacher.datasets != student.datasets:
        raise TeacherUnfit(
            f"expected a teacher of the data sets {list(student.datasets)}; {teacher.name} has {list(teacher.datasets)}"
        )
    if teacher.distillation is not None:
        raise TeacherUnfit(f"{teacher.name} has teachers itself; name those")
    _refuse_other_split(teacher.name, teacher.model_dump(), student)


def _refuse_other_split(name: str, teacher: dict[str, Any], student: Recipe) -> None:
    """Refuse a teacher that shares a data set and holds out other rows: it has learnt what the student is judged by."""
    fit = teacher["fit"]
    seed = fit["seed"] if fit.get("split_seed") is None else fit["split_seed"]
    same_split = (fit["validation_share"], seed) == (student.fit.validation_share, student.fit.splits_by)
    if set(teacher["datasets"]) & set(student.datasets) and not same_split:
        raise TeacherUnfit(
            f"{name} has learnt rows that {student.name} is validated on: expected validation_share "
            f"{student.fit.validation_share} and seed or split_seed {student.fit.splits_by}; "
            f"received {fit['validation_share']} and {seed}"
        )


def _reported_recipe(folder: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((folder / REPORT).read_text(encoding="utf-8"))["recipe"])
    except (OSError, ValueError, KeyError) as error:
        raise ModelInvalid(f"{folder / REPORT} does not tell the recipe ({error!r}); name another teacher") from None
