"""Temperature scaling: one number by which all logits are divided, so that a model is as sure as it is right.

Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks (ICML 2017). The likeliest label stays the same.
"""

import numpy as np

from app.types import Array

LOWEST, HIGHEST = 0.05, 20.0
"""A temperature beyond these is a sign of too few rows, not of a model; it is held there."""

HALVINGS = 60


def fit_temperature(logits: Array, targets: Array) -> float:
    """The temperature under which the log loss of `targets` (rows,) is least, given logits (rows, labels).

    The loss is convex in the temperature's inverse, so that its derivative's zero is found by halving.
    """
    shifted = (logits - logits.max(axis=1, keepdims=True)).astype(np.float64)
    wanted = shifted[np.arange(len(targets)), targets].mean()

    def rises(inverse: float) -> bool:
        """Whether the loss grows with the inverse there."""
        return bool((softmax(shifted * inverse) * shifted).sum(axis=1).mean() > wanted)

    low, high = 1 / HIGHEST, 1 / LOWEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if rises(middle) else (middle, high)
    return round(2 / (low + high), 6)


def tempered(probabilities: Array, temperature: float) -> Array:
    """Probabilities (rows, labels) as they were if their logits had been divided by the temperature."""
    return softmax(np.log(np.clip(probabilities, 1e-12, 1)) / temperature)


def softmax(logits: Array) -> Array:
    """Logits (rows, labels) to probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Array = powers / powers.sum(axis=1, keepdims=True)
    return shares
