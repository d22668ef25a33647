"""Rows with what a model answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.types import Array

NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Judged:
    """Judged rows: `targets` (rows,) and `probabilities` (rows, labels) by `labels`, `neutral` (rows,) bool."""

    labels: tuple[str, ...]
    targets: Array
    probabilities: Array
    neutral: Array

    @property
    def predicted(self) -> Array:
        """The likeliest label's position (rows,), the neutral band aside."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def is_right(self) -> Array:
        """Whether that is the true label (rows,)."""
        return np.asarray(self.predicted == self.targets)

    @property
    def confusion(self) -> Array:
        """Rows by true and predicted label (labels, labels)."""
        labels = len(self.labels)
        counts = np.bincount(self.targets * labels + self.predicted, minlength=labels * labels)
        return counts.reshape(labels, labels)


def judged(labels: Sequence[str], targets: Array, predictions: Sequence[Mapping[str, Any]]) -> Judged:
    """Predictions of a task with labels, at least one, beside the true labels' positions (rows,)."""
    rows = [_probabilities(prediction, labels) for prediction in predictions]
    neutral = [prediction.get("label") == NEUTRAL for prediction in predictions]
    return Judged(tuple(labels), targets, np.asarray(rows), np.asarray(neutral))


def answer_of(prediction: Mapping[str, Any]) -> str:
    """The label that a prediction gives, `neutral` included, or its digit."""
    return str(prediction["digit"] if "digit" in prediction else prediction["label"])


def _probabilities(prediction: Mapping[str, Any], labels: Sequence[str]) -> list[float]:
    """A prediction's probabilities in the labels' order; a digit's are in order already."""
    told = prediction["probabilities"]
    return [told[label] for label in labels] if isinstance(told, Mapping) else list(told)
