"""Probabilities to labels."""

from collections.abc import Sequence

from app.types import Array, Classification

DECIMALS = 6
"""Beyond this a float32 probability says nothing."""


STEPS = 10**DECIMALS
"""Whole steps of the last decimal are counted faster than `round` finds them, and their quotients are the same."""


def rounded(probability: float) -> float:
    """A probability as it is shown."""
    return round(float(probability), DECIMALS)


def classify(row: Array, labels: Sequence[str]) -> Classification:
    """The likeliest of `labels`, given their probabilities (labels,)."""
    probabilities = [rounded(value) for value in row.tolist()]
    score = max(probabilities)
    return {
        "label": labels[probabilities.index(score)],
        "score": score,
        "probabilities": dict(zip(labels, probabilities, strict=True)),
    }


def classify_binary(positive: float, labels: Sequence[str], neutral_band: tuple[float, float] | None) -> Classification:
    """The class of one sigmoid output, `labels` being (negative, positive).

    Inside the open interval `neutral_band` the label is `neutral`; the score stays the likelier side's probability.
    """
    negative_label, positive_label = labels
    steps = round(positive * STEPS)
    positive, negative = steps / STEPS, (STEPS - steps) / STEPS
    label = positive_label if positive >= 0.5 else negative_label
    if neutral_band is not None and neutral_band[0] < positive < neutral_band[1]:
        label = "neutral"
    return {
        "label": label,
        "score": max(positive, negative),
        "probabilities": {positive_label: positive, negative_label: negative},
    }
