"""Numbers of an explanation as they are shown."""

from typing import Any

import numpy as np

from app.types import Array

DECIMALS = 6
"""As many as probabilities are shown with: float32 has no more to tell."""


def rounded(values: Array | float, decimals: int = DECIMALS) -> Any:
    """A number, or nested lists of numbers, with so many decimals; what is rounded away is 0, not -0."""
    return (np.round(values, decimals) + 0.0).tolist()
