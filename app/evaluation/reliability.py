"""How sure a model is beside how often it is right."""

from dataclasses import dataclass

import numpy as np

from app.types import Array

BINS = 15
METHOD = "15 equal-width bins of the likeliest label's probability (Guo et al., ICML 2017)"

LEAST_PROBABILITY = 1e-6
"""What a true label's probability counts as at least: beyond, it is not shown to users either."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The rows whose likeliest label has a probability in one fifteenth: how sure on average, and what share right."""

    rows: int
    confidence: float
    accuracy: float


def reliability(probabilities: Array, targets: Array) -> list[Bin]:
    """The bins that have rows, from unsure to sure, of probabilities (rows, labels) and targets (rows,)."""
    confidence = probabilities.max(axis=1)
    is_right = probabilities.argmax(axis=1) == targets
    places = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    return [
        Bin(int(inside.sum()), float(confidence[inside].mean()), float(is_right[inside].mean()))
        for inside in (places == place for place in range(BINS))
        if inside.any()
    ]


def expected_calibration_error(probabilities: Array, targets: Array) -> float:
    """The mean over all rows of the distance, in their bin, between confidence and accuracy."""
    distances = [bin_.rows * abs(bin_.confidence - bin_.accuracy) for bin_ in reliability(probabilities, targets)]
    return sum(distances) / len(targets)


def log_loss(probabilities: Array, targets: Array) -> float:
    """The mean negative logarithm of the true label's probability, none counting as less than 1e-6."""
    own = probabilities[np.arange(len(targets)), targets]
    return float(-np.log(np.clip(own, LEAST_PROBABILITY, 1)).mean())
