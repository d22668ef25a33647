"""`report.json`, the model card and its plots: what was measured, and everything that it took."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np

from scripts.training import provenance
from scripts.training.calibration.calibrated import Calibrated
from scripts.training.calibration.reliability import expected_calibration_error
from scripts.training.calibration.temperature import tempered
from scripts.training.card import write_card
from scripts.training.data.summary import summarise
from scripts.training.data.types import Dataset
from scripts.training.evaluation import Judged, figures_of, joined
from scripts.training.examples import Material
from scripts.training.parity import PARITY_ROWS, Parity
from scripts.training.plots import plot_confusion, plot_curves, plot_digits, plot_roc
from scripts.training.progress import Progress
from scripts.training.recipe import Recipe

REPORT, CARD = "report.json", "MODEL_CARD.md"


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model with what it came from; `origin` is what its run began with (see `provenance`)."""

    recipe: Recipe
    model: keras.Model
    material: Material
    datasets: Sequence[Dataset]
    progress: Progress
    origin: Mapping[str, Any]


def write_documents(
    trained: Trained,
    *,
    calibrated: Calibrated,
    judged: Mapping[str, Judged],
    parity: Mapping[str, Parity | str],
    folder: Path,
    version: int,
) -> dict[str, float]:
    """Write report, plots and card into the version's folder; gives the figures that the manifest repeats."""
    together = joined(list(judged.values()))
    test = figures_of(together, trained.recipe.fit.seed)
    report = _provenance(trained, version) | {
        "calibration": _calibration(calibrated, together),
        "test": test,
        "test_per_dataset": _per_dataset(trained.recipe, judged, test),
        "parity_rows": PARITY_ROWS,
        "parity": {
            name: asdict(result) if isinstance(result, Parity) else {"failed": result}
            for name, result in parity.items()
        },
    }
    text = json.dumps(report, indent=2, ensure_ascii=False)
    (folder / REPORT).write_text(text + "\n", encoding="utf-8")
    plots = _write_plots(trained, judged, together, folder)
    (folder / CARD).write_text(write_card(report, plots), encoding="utf-8")
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


def _write_plots(trained: Trained, judged: Mapping[str, Judged], together: Judged, folder: Path) -> list[str]:
    """Draw what the task has to show; gives the files' names, in the card's order."""
    progress = trained.progress
    plot_curves(progress.epochs, progress.best_epoch, folder / "curves.png")
    plot_confusion(together.confusion, together.labels, folder / "confusion.png")
    plot_roc(judged, folder / "roc.png")
    names = ["curves.png", "confusion.png", "roc.png"]
    images = trained.datasets[0].test.inputs
    if isinstance(images, np.ndarray):
        plot_digits(images[:25], together.targets[:25], together.predicted[:25], folder / "samples.png")
        names.append("samples.png")
    return names


def _reference(test: Mapping[str, Any]) -> dict[str, float]:
    """The manifest's reference figures: what to expect of the model, and how often each label comes."""
    names = ("accuracy", "precision", "recall", "f1", "roc_auc")
    figures = {name: float(test[name]["value"]) for name in names if test[name]["value"] is not None}
    shares = {f"share_of/{label}": share for label, share in test["predicted_shares"].items()}
    return {"rows": float(test["rows"]), **figures, **shares}
