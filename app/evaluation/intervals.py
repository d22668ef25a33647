"""Confidence intervals of shares, of one sample and of pairs."""

import math

NORMAL_QUANTILE = 1.959963984540054
"""Of the standard normal distribution at 0.975."""


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share; good also near 0 and 1. Wilson, JASA 22 (1927), 209–212."""
    share, z = successes / trials, NORMAL_QUANTILE
    centre = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return (centre - spread) / scale, (centre + spread) / scale


def paired_difference(only_first: int, only_second: int, pairs: int) -> tuple[float, float]:
    """The 95 % interval of the second share less the first, of the same rows.

    `only_first` and `only_second` count the rows that one of the two has right. Half a row is added to each of the four
    counts: Agresti, Min, Statistics in Medicine 24 (2005), 729–740.
    """
    first, second, rows = only_first + 0.5, only_second + 0.5, pairs + 2
    difference = (second - first) / rows
    spread = NORMAL_QUANTILE * math.sqrt(first + second - (second - first) ** 2 / rows) / rows
    return max(-1.0, difference - spread), min(1.0, difference + spread)
