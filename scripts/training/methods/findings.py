"""What a way of training has to report besides figures: its folds, its teachers, its zeros, its int8 weights."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras

from scripts.training.checkpoint import write_whole
from scripts.training.data.types import Dataset
from scripts.training.examples import Material
from scripts.training.methods.pruning import pruned_figures
from scripts.training.methods.quantisation import compare_quantised
from scripts.training.recipe import Recipe

FINDINGS = "findings.json"


def keep_findings(run: Path, findings: Mapping[str, Any]) -> None:
    """Leave what was found while training in the run's folder, for an export later on."""
    text = json.dumps(findings, indent=2, ensure_ascii=False)
    write_whole(run / FINDINGS, lambda file: file.write(text.encode()))


def kept_findings(run: Path) -> dict[str, Any]:
    """What `keep_findings` left there; nothing where it has not come so far."""
    path = run / FINDINGS
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def findings_of(
    recipe: Recipe, model: keras.Model, material: Material, datasets: Sequence[Dataset], run: Path
) -> dict[str, Any]:
    """What was found while training, and what the finished model shows, by its key in the report."""
    found = kept_findings(run)
    if recipe.pruning is not None:
        found["pruning"] = pruned_figures(model)
    if recipe.quantisation is not None:
        found["quantisation"] = compare_quantised(model, material, datasets, recipe.buckets, run / "quantised")
    return found
