"""The score of the class that is explained, and what it loses without the input's parts."""

from typing import NamedTuple

import numpy as np

from app.explanations.occlusion import NOTHING, PARTS, WHOLE
from app.explanations.rounding import DECIMALS, rounded
from app.inference.runtimes.gradients import CLEAREST
from app.types import Array


class Scores(NamedTuple):
    """One score for every row of an explanation, (2 + parts,) float64, and with how many decimals it is shown."""

    of_rows: Array
    decimals: int = DECIMALS

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

    def added_up(self, total: float) -> dict[str, float]:
        """The score, that of nothing, and what contributions sum to beside the difference that they should explain."""
        told = {
            "score": self.whole,
            "baseline": self.baseline,
            "sum": total,
            "difference": self.whole - self.baseline,
        }
        return {name: rounded(value, self.decimals) for name, value in told.items()}


def scores_of(probabilities: Array, place: int) -> tuple[Scores, Scores]:
    """One class's scores among probabilities (rows, classes): its own, and the logarithms of its odds.

    On that scale independent pieces of evidence add up. The odds are those against the sum of the others, which tells
    near 1 more than the probability itself.
    """
    own, others = probabilities[:, place], np.delete(probabilities, place, axis=1).sum(axis=1)
    return Scores(own), Scores(np.log(np.maximum(own, CLEAREST)) - np.log(np.maximum(others, CLEAREST)))


def probabilities_of(output: Array) -> Array:
    """A classifier's output (rows, classes) as float64; one number a row is the probability of the second of two."""
    values = output.reshape(len(output), -1).astype(np.float64)
    return np.hstack([1 - values, values]) if values.shape[1] == 1 else values
