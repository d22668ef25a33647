"""From a trained model to a finished version folder."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from app.conversion.errors import ConversionFailed, ParityFailed
from app.conversion.graphs import write_onnx, write_saved_model
from app.conversion.keras_model import NamedModel
from app.conversion.parity import compare, new_runtime
from app.conversion.result import Parity
from app.evaluation.judged import Judged
from app.inference.calibration.conditions import Conditions
from app.inference.runtimes.catalogue import make_runtime
from app.inference.runtimes.onnx import MODEL as ONNX_MODEL
from app.repository.manifest import Manifest, Plan, RuntimeName, Tensors, read_manifest, verify_files, write_manifest
from app.repository.versions import staged
from app.tasks import TOKENIZER
from app.types import Array
from scripts.training.buckets import by_bucket, trimmed
from scripts.training.calibration.calibrated import calibrate
from scripts.training.data.types import Split
from scripts.training.evaluation import judge
from scripts.training.examples import Material, open_recipe_task
from scripts.training.findings.findings import findings_of
from scripts.training.plan import DEFAULT_CONDITIONS, measure_plan
from scripts.training.recipe import Recipe
from scripts.training.report import PARITY_ROWS, Measured, Trained, write_documents


def export_version(trained: Trained, target: Path, conditions: Conditions = DEFAULT_CONDITIONS) -> Manifest:
    """Calibrate the model and write the version folder `target`: graphs, tokenizer, documents, and the manifest last.

    The reloaded SavedModel must say what the Keras model says, or `ParityFailed` is raised and nothing is left. An
    ONNX graph that cannot be made or differs is left out; its report says why. The version runs as the calibration
    under these conditions finds best.
    """
    calibrated = calibrate(trained.recipe, trained.model, trained.material)
    material = _with_band(trained.recipe, trained.material, calibrated.neutral_band)
    with staged(target) as folder:
        parity = write_graphs(trained.model, material, trained.recipe.buckets, folder)
        if material.tokenizer is not None:
            material.tokenizer.save(str(folder / TOKENIZER))
        plan = measure_plan(folder, material.signature, material.task, trained.recipe.text, conditions)
        judged, found = measure(trained, material, plan.runtime, folder, target)
        measured = Measured(calibrated, judged, parity, found)
        statistics = write_documents(trained, measured, folder, int(target.name))
        content = _manifest_content(trained.recipe, material, target, plan, statistics)
        write_manifest(folder, content | {"neutral_band": measured.neutral_band(trained.recipe)})
    manifest = read_manifest(target)
    verify_files(target, manifest)
    return manifest


def _with_band(recipe: Recipe, material: Material, band: tuple[float, float] | None) -> Material:
    """The same material, its task with the neutral band that was chosen."""
    if band is None:
        return material
    chosen = recipe.model_copy(update={"neutral_band": band})
    return replace(material, task=open_recipe_task(chosen, material.signature, material.labels, material.tokenizer))


def write_graphs(
    model: keras.Model, material: Material, buckets: Sequence[int], folder: Path
) -> dict[str, Parity | str]:
    """Write SavedModel and ONNX graph and compare each, reloaded, with the model over 512 rows of all lengths.

    Gives each runtime's result; for ONNX it may be the reason why its graph was left out. Raises `ParityFailed` where
    the SavedModel differs.
    """
    signature = material.signature
    named = NamedModel.of(model, signature)
    function = named.serving_function()
    groups = [{signature.inputs[0].name: rows} for rows in sample_by_bucket(material.validation.inputs, buckets)]
    write_saved_model(function, folder)
    parity: dict[str, Parity | str] = {}
    parity["tensorflow"] = compare(named.answers, signature, new_runtime("tensorflow"), folder, groups)
    try:
        write_onnx(function, folder)
        parity["onnx"] = compare(named.answers, signature, new_runtime("onnx"), folder, groups)
    except (ConversionFailed, ParityFailed) as error:
        (folder / ONNX_MODEL).unlink(missing_ok=True)
        parity["onnx"] = str(error)
    return parity


def measure(
    trained: Trained, material: Material, runtime_name: RuntimeName, folder: Path, target: Path
) -> tuple[dict[str, Judged], dict[str, Any]]:
    """What the exported graph says about each data set's test split, and what else the recipe asks to be found."""
    runtime = make_runtime(runtime_name, threads=1)
    runtime.load(folder)

    def judge_rows(inputs: Sequence[Any] | Array, targets: Array) -> Judged:
        return judge(material.task, runtime.run, material.labels, Split(inputs, targets))

    judged = {data.name: judge_rows(data.test.inputs, data.test.targets) for data in trained.datasets}
    found = findings_of(trained.recipe, material.parts, trained.datasets, judged, judge_rows=judge_rows, target=target)
    runtime.close()
    return judged, found


def sample(inputs: Array, rows: int = PARITY_ROWS) -> Array:
    """So many rows spread evenly over `inputs` (rows, …), repeated where there are fewer."""
    return inputs[np.linspace(0, len(inputs) - 1, rows).astype(np.int64)]


def sample_by_bucket(inputs: Array, buckets: Sequence[int]) -> list[Array]:
    """512 validation rows in all, about as many of each bucket, padded to that one's length."""
    groups = by_bucket(inputs, buckets)
    shares = [len(part) for part in np.array_split(np.arange(PARITY_ROWS), len(groups))]
    return [trimmed(sample(inputs[rows], share), buckets) for rows, share in zip(groups, shares, strict=True)]


def _manifest_content(
    recipe: Recipe, material: Material, target: Path, plan: Plan, statistics: Mapping[str, float]
) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "version": int(target.name),
        "task": recipe.task,
        "signature": Tensors.of(material.signature),
        "labels": material.labels,
        "text": recipe.text,
        "statistics": statistics,
        "plan": plan,
    }
