"""Two models judged on the same rows."""

from dataclasses import dataclass

import numpy as np

from app.evaluation.intervals import paired_difference
from app.evaluation.judged import Judged
from app.evaluation.mcnemar import exact_p_value

SIGNIFICANCE = 0.05


@dataclass(frozen=True, slots=True)
class Difference:
    """The second's accuracy less the first's with its 95 % interval, and McNemar's exact p-value.

    `only_first` and `only_second` count the rows that just one has right; `differing` are the positions of the rows for
    which the likeliest labels differ.
    """

    value: float
    low: float
    high: float
    only_first: int
    only_second: int
    p_value: float
    differing: tuple[int, ...]

    @property
    def is_significant(self) -> bool:
        """Whether equally good models would differ so much in fewer than one of twenty samples."""
        return self.p_value < SIGNIFICANCE


def difference_of(first: Judged, second: Judged) -> Difference:
    """The difference of two that were judged on the same rows, with the labels in the same order."""
    only_first = int((first.is_right & ~second.is_right).sum())
    only_second = int((second.is_right & ~first.is_right).sum())
    rows = len(first.targets)
    low, high = paired_difference(only_first, only_second, rows)
    differing = np.flatnonzero(first.predicted != second.predicted).tolist()
    return Difference(
        value=(only_second - only_first) / rows,
        low=low,
        high=high,
        only_first=only_first,
        only_second=only_second,
        p_value=exact_p_value(only_first, only_second),
        differing=tuple(differing),
    )
