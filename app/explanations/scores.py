"""The score of the class that is explained, and what it loses without the input's parts."""

from typing import NamedTuple

import numpy as np

from app.explanations.occlusion import NOTHING, PARTS, WHOLE
from app.types import Array

CLEAREST = 1e-7
"""Probabilities are taken to be this far from 0 and 1 at least: float32 has no finer steps below 1."""


class Scores(NamedTuple):
    """One class's score for every row of an occlusion, (2 + parts,) float64, on one scale."""

    of_rows: Array

    @property
    def whole(self) -> float:
        """The score of the input as it came."""
        return float(self.of_rows[WHOLE])

    @property
    def baseline(self) -> float:
        """The score of nothing."""
        return float(self.of_rows[NOTHING])

    @property
    def drops(self) -> Array:
        """What the score loses without each part (parts,); below 0 where it gains."""
        drops: Array = self.of_rows[WHOLE] - self.of_rows[PARTS:]
        return drops

    def in_log_odds(self) -> "Scores":
        """Probabilities as the logarithms of their odds, in which independent pieces of evidence add up."""
        clipped = np.clip(self.of_rows, CLEAREST, 1 - CLEAREST)
        return Scores(np.log(clipped) - np.log1p(-clipped))


def probabilities_of(output: Array) -> Array:
    """A classifier's output (rows, classes) as float64; one number a row is the probability of the second of two."""
    values = output.reshape(len(output), -1).astype(np.float64)
    return np.hstack([1 - values, values]) if values.shape[1] == 1 else values
