"""The figures of judged rows."""

from dataclasses import dataclass

import numpy as np

from app.evaluation.intervals import wilson
from app.evaluation.judged import Judged
from app.evaluation.reliability import expected_calibration_error, log_loss
from app.types import Array


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `rows` with its 95 % interval (Wilson's score interval)."""

    value: float
    low: float
    high: float
    rows: int

    @classmethod
    def of(cls, is_counted: Array) -> "Share":
        """The share of rows, at least one, that are counted (rows,) bool."""
        counted, rows = int(is_counted.sum()), len(is_counted)
        return cls(counted / rows, *wilson(counted, rows), rows)


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """One label's own figures; 0 where nothing was there to be right about."""

    label: str
    rows: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What judged rows tell; accuracy counts the likelier side also inside the neutral band.

    `outside_neutral` is the accuracy of the answers that take a side, None where none does.
    """

    rows: int
    accuracy: Share
    macro_f1: float
    log_loss: float
    ece: float
    neutral_share: float
    outside_neutral: Share | None
    per_label: tuple[LabelFigures, ...]
    confusion: tuple[tuple[int, ...], ...]


def figures_of(judged: Judged) -> Figures:
    """The figures of at least one row."""
    per_label = _per_label(judged)
    takes_side = ~judged.neutral
    return Figures(
        rows=len(judged.targets),
        accuracy=Share.of(judged.is_right),
        macro_f1=float(np.mean([label.f1 for label in per_label if label.rows])),
        log_loss=log_loss(judged.probabilities, judged.targets),
        ece=expected_calibration_error(judged.probabilities, judged.targets),
        neutral_share=float(judged.neutral.mean()),
        outside_neutral=Share.of(judged.is_right[takes_side]) if takes_side.any() else None,
        per_label=per_label,
        confusion=tuple(tuple(row) for row in judged.confusion.tolist()),
    )


def _per_label(judged: Judged) -> tuple[LabelFigures, ...]:
    """Precision, recall and their harmonic mean of each label."""
    counts = judged.confusion
    hits, answered, there = counts.diagonal(), counts.sum(axis=0), counts.sum(axis=1)
    return tuple(
        LabelFigures(
            label,
            int(there[place]),
            float(hits[place] / max(answered[place], 1)),
            float(hits[place] / max(there[place], 1)),
            float(2 * hits[place] / max(answered[place] + there[place], 1)),
        )
        for place, label in enumerate(judged.labels)
    )
