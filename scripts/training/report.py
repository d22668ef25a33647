"""`report.json`, the model card with its plots and `report.html`: what was measured, and everything that it took."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np

from app.conversion.result import Parity
from app.evaluation.judged import Judged
from app.evaluation.reliability import expected_calibration_error
from app.types import Array
from scripts.training import provenance
from scripts.training.calibration.calibrated import Calibrated
from scripts.training.calibration.temperature import tempered
from scripts.training.data.summary import summarise
from scripts.training.data.types import Dataset
from scripts.training.evaluation import figures_of, joined
from scripts.training.examples import Material
from scripts.training.progress import Progress
from scripts.training.recipe import Recipe
from scripts.training.reporting import charts, content
from scripts.training.reporting.blocks import Picture
from scripts.training.reporting.markdown import markdown
from scripts.training.reporting.page import page
from scripts.training.reporting.pictures import confusion, digit_grid
from scripts.training.reporting.svg import standalone

PARITY_ROWS = 512
"""Validation rows on which the exported graphs are compared with the model."""

REPORT, CARD, PAGE = "report.json", "MODEL_CARD.md", "report.html"


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model with what it came from; `origin` is what its run began with (see `provenance`).

    `extra` holds what else a way of training has to report, by its key in `report.json`.
    """

    recipe: Recipe
    model: keras.Model
    material: Material
    datasets: Sequence[Dataset]
    progress: Progress
    origin: Mapping[str, Any]
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the exported model was found to be; `findings` are ready for JSON (see `findings`)."""

    calibrated: Calibrated
    judged: Mapping[str, Judged]
    parity: Mapping[str, Parity | str]
    findings: Mapping[str, Any]

    def neutral_band(self, recipe: Recipe) -> tuple[float, float] | None:
        """The band that was chosen, or else the recipe's."""
        return self.calibrated.neutral_band or recipe.neutral_band


def write_documents(trained: Trained, measured: Measured, folder: Path, version: int) -> dict[str, float]:
    """Write report, card, plots and page into the version's folder; gives the figures that the manifest repeats."""
    together = joined(list(measured.judged.values()))
    test = figures_of(together, trained.recipe.fit.seed)
    band = measured.neutral_band(trained.recipe)
    report = {
        **_provenance(trained, version),
        **trained.extra,
        "neutral_band": None if band is None else list(band),
        "calibration": _calibration(measured.calibrated, together),
        "test": test,
        "test_per_dataset": _per_dataset(trained.recipe, measured.judged, test),
        **measured.findings,
        "parity_rows": PARITY_ROWS,
        "parity": {
            name: asdict(result) if isinstance(result, Parity) else {"failed": result}
            for name, result in measured.parity.items()
        },
    }
    pictures = _pictures(trained, measured, together)
    title = f"{report['name']}, version {version}"
    files = {
        REPORT: json.dumps(report, indent=2, ensure_ascii=False) + "\n",
        CARD: markdown(title, content.card(report, pictures)),
        PAGE: page(title, content.full(report, pictures)),
        **{f"{picture.name}.svg": standalone(picture.svg) for picture in pictures},
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return _reference(test)


def _provenance(trained: Trained, version: int) -> dict[str, Any]:
    """Everything but the test's figures."""
    recipe, progress, material = trained.recipe, trained.progress, trained.material
    return {
        "name": recipe.name,
        "version": version,
        "task": recipe.task,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        **trained.origin,
        "exported_by": provenance.code_version(),
        "recipe": recipe.model_dump(mode="json"),
        "data": [summarise(data) for data in trained.datasets],
        "training_rows": len(material.training.targets),
        "validation_rows": len(material.validation.targets),
        "training": {
            "seed": recipe.fit.seed,
            "seconds": round(progress.seconds, 1),
            "epochs": len(progress.epochs),
            "best_epoch": progress.best_epoch,
            "parameters": trained.model.count_params(),
            **progress.pace(len(material.training.targets)),
            "history": list(progress.epochs),
        },
    }


def _calibration(calibrated: Calibrated, test: Judged) -> dict[str, Any]:
    """What was found on the validation rows, and what it changed on the test rows."""
    before = tempered(test.probabilities, 1 / calibrated.temperature)
    return asdict(calibrated) | {"test_ece_before": round(expected_calibration_error(before, test.targets), 5)}


def _per_dataset(recipe: Recipe, judged: Mapping[str, Judged], test: Mapping[str, Any]) -> dict[str, Any]:
    """Each data set's own figures; with one data set they are those of the whole test."""
    if len(judged) == 1:
        return dict.fromkeys(judged, test)
    return {name: figures_of(part, recipe.fit.seed) for name, part in judged.items()}


def _pictures(trained: Trained, measured: Measured, together: Judged) -> list[Picture]:
    """What the task has to show, in the card's order."""
    progress = trained.progress
    pictures = [
        *(charts.curves(progress.epochs, progress.best_epoch, name) for name in ("loss", "accuracy")),
        confusion(together),
        charts.roc(measured.judged),
        charts.precision_recall(measured.judged),
        charts.reliability_diagram(together, measured.calibrated.temperature),
    ]
    images = [np.asarray(data.test.inputs) for data in trained.datasets if isinstance(data.test.inputs, np.ndarray)]
    return [*pictures, *_grids(np.concatenate(images), together)] if images else pictures


def _grids(images: Array, judged: Judged) -> list[Picture]:
    """The first 25 images of the test part, and the 25 that the model got wrong while it was surest."""
    wrong = np.flatnonzero(~judged.is_right)
    surest = wrong[np.argsort(-judged.probabilities[wrong].max(axis=1), kind="stable")]
    told = [
        (str(predicted) if predicted == target else f"{predicted} (is {target})", predicted == target)
        for predicted, target in zip(judged.predicted.tolist(), judged.targets.tolist(), strict=True)
    ]
    first = digit_grid("samples", "The first 25 test images", images, told)
    if not len(wrong):
        return [first]
    captions = [told[row] for row in surest.tolist()]
    return [first, digit_grid("worst_errors", "Surest wrong answers", images[surest], captions)]


def _reference(test: Mapping[str, Any]) -> dict[str, float]:
    """The manifest's reference figures: what to expect of the model, and how often each label comes."""
    names = ("accuracy", "precision", "recall", "f1", "roc_auc")
    figures = {name: float(test[name]["value"]) for name in names if test[name]["value"] is not None}
    shares = {f"share_of/{label}": share for label, share in test["predicted_shares"].items()}
    return {"rows": float(test["rows"]), **figures, **shares}
