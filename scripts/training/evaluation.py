"""How good a model is on the official test split, measured through the task that serves it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from app.evaluation.intervals import wilson
from app.evaluation.judged import Judged
from app.evaluation.judged import judged as judged_of
from app.evaluation.reliability import expected_calibration_error, log_loss
from app.types import Array, Rows, Task, Tensors
from scripts.training.data.types import Split
from scripts.training.examples import task_inputs
from scripts.training.intervals import METHODS, bootstrap

Run = Callable[[Tensors], Mapping[str, Array]]
"""Runs one batch: inputs (rows, …) to outputs (rows, …)."""

BATCH_ROWS = 256
RESAMPLES = 500


def judge(task: Task, run: Run, labels: Sequence[str], split: Split) -> Judged:
    """Send a split through the whole path of serving: preprocess, run, postprocess."""
    inputs = task_inputs(split.inputs)
    predictions: list[Any] = []
    for start in range(0, len(inputs), BATCH_ROWS):
        prepared = task.preprocess(inputs[start : start + BATCH_ROWS])
        predictions += task.postprocess(run_rows(run, prepared))
    return judged_of(labels, split.targets, predictions)


def run_rows(run: Run, rows: Rows) -> Mapping[str, Array]:
    """The outputs (rows, …) of all groups, in the order of the inputs that they were made from."""
    parts = [run(group) for group in rows.groups]
    outputs = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    if rows.places is None:
        return outputs
    order = np.argsort(rows.places)
    return {name: array[order] for name, array in outputs.items()}


def joined(parts: Sequence[Judged]) -> Judged:
    """The rows of several test splits as one."""
    return Judged(
        parts[0].labels,
        np.concatenate([part.targets for part in parts]),
        np.concatenate([part.probabilities for part in parts]),
        np.concatenate([part.neutral for part in parts]),
    )


def accuracy_of(is_right: Array) -> dict[str, Any]:
    """The share of rows (rows,) bool, at least one, that are right, with its interval; ready for JSON."""
    right, rows = int(is_right.sum()), len(is_right)
    return {"rows": rows, **_told(right / rows, wilson(right, rows))}


def figures_of(judged: Judged, seed: int = 0) -> dict[str, Any]:
    """Accuracy, macro precision, recall, F1 and ROC-AUC, each with its 95 % interval, and the same per label.

    ROC-AUC is that of each label against the rest, averaged over the labels; None where only one label has rows.
    """
    rows = len(judged.targets)
    values = _measure(judged, np.arange(rows))
    intervals = bootstrap(lambda drawn: _measure(judged, drawn), rows, RESAMPLES, seed)
    told = {name: _told(value, intervals[name]) for name, value in values.items()}
    per_label = {
        label: {
            "rows": int((judged.targets == index).sum()),
            **{name: told.pop(f"{name}/{label}") for name in ("precision", "recall", "f1", "roc_auc")},
        }
        for index, label in enumerate(judged.labels)
    }
    return {
        "rows": rows,
        "accuracy": _told(float(judged.is_right.mean()), wilson(int(judged.is_right.sum()), rows)),
        **told,
        "per_label": per_label,
        "confusion": {
            "labels": list(judged.labels),
            "rows_true_columns_predicted": judged.confusion.tolist(),
        },
        "ece": round(expected_calibration_error(judged.probabilities, judged.targets), 5),
        "log_loss": round(log_loss(judged.probabilities, judged.targets), 5),
        "neutral_share": round(float(judged.neutral.mean()), 5),
        "accuracy_outside_neutral": _outside_neutral(judged),
        "predicted_shares": _shares(judged),
        "intervals": METHODS | {"resamples": RESAMPLES},
    }


def _outside_neutral(judged: Judged) -> dict[str, Any]:
    """The share of right answers among those that are not neutral; None where all are."""
    kept = judged.is_right[~judged.neutral]
    return accuracy_of(kept) if len(kept) else {"rows": 0, "value": None, "interval": [None, None]}


def _shares(judged: Judged) -> dict[str, float]:
    """How often each label is the answer, `neutral` included where it ever is."""
    named = np.where(judged.neutral, len(judged.labels), judged.predicted)
    shares = np.bincount(named, minlength=len(judged.labels) + 1) / len(named)
    told = {label: round(float(share), 5) for label, share in zip((*judged.labels, "neutral"), shares, strict=True)}
    return told if judged.neutral.any() else {label: told[label] for label in judged.labels}


def _told(value: float, interval: tuple[float, float]) -> dict[str, Any]:
    """A figure for JSON, which has no word for not-a-number: None where the test rows cannot tell."""
    figure, low, high = (None if np.isnan(number) else round(float(number), 5) for number in (value, *interval))
    return {"value": figure, "interval": [low, high]}


def _confusion(targets: Array, predicted: Array, labels: int) -> Array:
    return np.bincount(targets * labels + predicted, minlength=labels * labels).reshape(labels, labels)


def _measure(judged: Judged, rows: Array) -> dict[str, float]:
    """Macro figures and those of each label over the given rows; not-a-number where a label has no row."""
    counts = _confusion(judged.targets[rows], judged.predicted[rows], len(judged.labels)).astype(float)
    hits = counts.diagonal()
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.nan_to_num(hits / counts.sum(axis=0))
        recall = np.nan_to_num(hits / counts.sum(axis=1))
        f1 = np.nan_to_num(2 * precision * recall / (precision + recall))
    areas = _areas(judged.targets[rows], judged.probabilities[rows])
    columns = {"precision": precision, "recall": recall, "f1": f1, "roc_auc": areas}
    figures = {name: _mean(values) for name, values in columns.items()}
    for name, values in columns.items():
        figures |= {f"{name}/{label}": float(value) for label, value in zip(judged.labels, values, strict=True)}
    return figures


def _mean(values: Array) -> float:
    """The mean of those that are numbers; not-a-number where none is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _areas(targets: Array, probabilities: Array) -> Array:
    """The area under the ROC curve of each label against the rest (labels,)."""
    return np.asarray([_area(targets == index, scores) for index, scores in enumerate(probabilities.T)])


def _area(is_label: Array, scores: Array) -> float:
    """The share of pairs, one row with the label and one without, in which the former scores higher; ties are half.

    Hanley and McNeil, Radiology 143 (1982): this is the area under the ROC curve.
    """
    others, own = np.sort(scores[~is_label]), scores[is_label]
    if not len(others) or not len(own):
        return float("nan")
    pairs = np.searchsorted(others, own, "left") + np.searchsorted(others, own, "right")
    return float(pairs.sum() / (2 * len(own) * len(others)))
