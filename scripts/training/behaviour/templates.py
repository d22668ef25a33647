"""Sentences from a template and lists of what stands in its gaps."""

from collections.abc import Iterable, Sequence
from itertools import product

from scripts.training.behaviour.check import Case

NEGATIVE, POSITIVE = 0, 1
"""The labels of the sentiment task by place."""


def filled(template: str, **gaps: Sequence[str]) -> list[str]:
    """The template with every combination of what may stand in its gaps, in order."""
    return [template.format(**dict(zip(gaps, values, strict=True))) for values in product(*gaps.values())]


def labelled(texts: Iterable[str], label: int) -> list[Case]:
    """Cases of kind `minimum`: each text must get that label."""
    return [Case(text, label=label) for text in texts]


def swapped(template: str, gap: str, values: Sequence[str], **gaps: Sequence[str]) -> list[Case]:
    """Cases of kind `invariance`: the template with the first of `values` in the gap, and with each of the others."""
    first, *others = values
    return [
        Case(given, changed)
        for other in others
        for given, changed in zip(
            filled(template, **{gap: [first]}, **gaps), filled(template, **{gap: [other]}, **gaps), strict=True
        )
    ]
