"""The test rows that a model got wrong while it was surest."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.evaluation.judged import Judged

SHOWN = 25


def worst_errors(judged: Mapping[str, Judged]) -> list[dict[str, Any]]:
    """At most 25, the surest first: data set, row of its test part counted from 0, true and predicted label.

    Rows are named, not shown: the texts are other people's.
    """
    errors = [error for name, part in judged.items() for error in _errors(name, part)]
    return sorted(errors, key=lambda error: -error["probability"])[:SHOWN]


def _errors(name: str, part: Judged) -> list[dict[str, Any]]:
    rows = np.flatnonzero(~part.is_right)
    surest = rows[np.argsort(-part.probabilities[rows].max(axis=1), kind="stable")][:SHOWN]
    return [
        {
            "dataset": name,
            "row": row,
            "label": part.labels[int(part.targets[row])],
            "predicted": part.labels[int(part.predicted[row])],
            "probability": round(float(part.probabilities[row].max()), 5),
        }
        for row in surest.tolist()
    ]
