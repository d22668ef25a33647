"""Confidence intervals of figures measured on a sample."""

import math
from collections.abc import Callable

import numpy as np

from app.types import Array

LEVEL = 0.95
NORMAL_QUANTILE = 1.959963984540054
"""Of the standard normal distribution at 0.975."""

METHODS = {
    "accuracy": "Wilson score interval (Wilson, JASA 22, 1927), 95 %",
    "others": "percentile bootstrap over test rows (Efron, Tibshirani: An Introduction to the Bootstrap, 1993), 95 %",
}


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share; good also near 0 and 1. Wilson, JASA 22 (1927), 209–212."""
    share, z = successes / trials, NORMAL_QUANTILE
    centre = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return (centre - spread) / scale, (centre + spread) / scale


def bootstrap(
    measure: Callable[[Array], dict[str, float]], rows: int, resamples: int, seed: int
) -> dict[str, tuple[float, float]]:
    """The 95 % interval of each of `measure`'s figures, by drawing as many rows with replacement, `resamples` times.

    `measure` takes the drawn rows' indices. Figures that are no number in a draw are left out of it.
    """
    random = np.random.default_rng(seed)
    drawn = [measure(random.integers(0, rows, rows)) for _ in range(resamples)]
    tail = 100 * (1 - LEVEL) / 2
    intervals = {}
    for name in drawn[0]:
        values = np.array([figures[name] for figures in drawn])
        known = values[~np.isnan(values)]
        low, high = np.percentile(known, [tail, 100 - tail]) if len(known) else (np.nan, np.nan)
        intervals[name] = (float(low), float(high))
    return intervals
