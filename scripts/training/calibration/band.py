"""The neutral band, chosen on validation rows: answers inside it are too unsure to take a side."""

from dataclasses import dataclass

import numpy as np

from app.types import Array

STEP, WIDEST = 0.005, 0.45


@dataclass(frozen=True, slots=True)
class Band:
    """A band with what it costs and gives: the share of rows inside, and the accuracy of the rows outside."""

    low: float
    high: float
    share: float
    accuracy_outside: float


def choose_band(positive: Array, targets: Array, accuracy: float, largest_share: float) -> Band:
    """The narrowest band around one half outside which so large a share of the answers is right.

    `positive` (rows,) are probabilities of label 1, `targets` (rows,) labels. Where it would hold more than
    `largest_share` of the rows, or none is wide enough, the widest that holds no more.
    """
    bands = [_band(positive, targets, step * STEP) for step in range(round(WIDEST / STEP) + 1)]
    allowed = [band for band in bands if band.share <= largest_share]
    return next((band for band in allowed if band.accuracy_outside >= accuracy), allowed[-1])


def _band(positive: Array, targets: Array, reach: float) -> Band:
    low, high = round(0.5 - reach, 3), round(0.5 + reach, 3)
    is_outside = (positive <= low) | (positive >= high)
    is_right = (positive >= 0.5) == (targets == 1)
    accuracy = float(is_right[is_outside].mean()) if is_outside.any() else 1.0
    return Band(low, high, float(np.mean(~is_outside)), accuracy)
