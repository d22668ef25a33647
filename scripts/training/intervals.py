"""Confidence intervals of figures measured on a sample."""

from collections.abc import Callable

import numpy as np

from app.types import Array

LEVEL = 0.95
METHODS = {
    "accuracy": "Wilson score interval (Wilson, JASA 22, 1927), 95 %",
    "others": "percentile bootstrap over test rows (Efron, Tibshirani: An Introduction to the Bootstrap, 1993), 95 %",
}


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
