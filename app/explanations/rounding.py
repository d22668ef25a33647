"""Numbers of an explanation as they are shown."""

import math
from typing import Any

import numpy as np

from app.types import Array

DECIMALS = 6
"""As many as probabilities are shown with: float32 has no more to tell."""

DIGITS = 8
"""As many as float32 has, of numbers whose size nobody knows beforehand."""


def decimals_of(values: Array) -> int:
    """So many that the largest of the values, which are finite, keeps its digits; below 0 for large ones."""
    largest = float(np.abs(values).max(initial=0.0))
    return DIGITS - math.ceil(math.log10(largest)) if largest else DIGITS


def rounded(values: Array | float, decimals: int = DECIMALS) -> Any:
    """A number, or nested lists of numbers, with so many decimals; what is rounded away is 0, not -0."""
    return (np.round(values, decimals) + 0.0).tolist()
