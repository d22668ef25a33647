"""Everything that a recipe's `[report]` asks for, and what is found in any case."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from app.evaluation.judged import Judged
from app.types import Array
from scripts.training.behaviour.catalogue import checks_of
from scripts.training.behaviour.check import Ask, Outcome, run_checks
from scripts.training.data.types import Dataset
from scripts.training.evaluation import accuracy_of
from scripts.training.examples import Parts
from scripts.training.findings.baseline import METHOD, Baseline
from scripts.training.findings.pictures import Judge, picture_figures
from scripts.training.findings.predecessor import compared
from scripts.training.findings.sentences import sentence_figures
from scripts.training.findings.slices import slices_of
from scripts.training.findings.worst import worst_errors
from scripts.training.recipe import Recipe


def findings_of(
    recipe: Recipe,
    parts: Parts,
    datasets: Sequence[Dataset],
    judged: Mapping[str, Judged],
    *,
    judge_rows: Judge,
    target: Path,
) -> dict[str, Any]:
    """The findings by their names in `report.json`; `judged` are the test parts, `target` the new version's folder.

    The baseline learns from the training part that the model learnt from, and is measured on the same test rows.
    """
    wanted = recipe.report

    def ask(inputs: Sequence[Any]) -> Array:
        return judge_rows(inputs, np.zeros(len(inputs), np.int64)).probabilities

    asked: dict[str, Ask] = {"model": ask}
    found: dict[str, Any] = {"slices": slices_of(judged, datasets), "worst_errors": worst_errors(judged)}
    if wanted.baseline:
        baseline = Baseline([str(text) for text in parts.training.inputs], parts.training.targets)
        asked["baseline"] = baseline.probabilities
        found["baseline"] = {"method": METHOD, "accuracy": _baseline_accuracy(baseline, datasets)}
    if wanted.sentences:
        found["sentences"] = sentence_figures(wanted.sentences, asked)
    if wanted.behaviour:
        found["behaviour"] = [_told(outcome) for outcome in run_checks(checks_of(wanted.behaviour, datasets), ask)]
    if wanted.pictures:
        found["additional"] = picture_figures(wanted.pictures, datasets[0].test, judge_rows)
    before = compared(target, judged, datasets)
    return found if before is None else {**found, "version_before": before}


def _baseline_accuracy(baseline: Baseline, datasets: Sequence[Dataset]) -> dict[str, Any]:
    return {
        data.name: accuracy_of(
            baseline.probabilities([str(text) for text in data.test.inputs]).argmax(axis=1) == data.test.targets
        )
        for data in datasets
    }


def _told(outcome: Outcome) -> dict[str, Any]:
    passed = np.arange(outcome.cases) < outcome.passed
    return {**asdict(outcome), "failures": list(outcome.failures), "rate": accuracy_of(passed)}
