"""Judged rows as they could have come out."""

from collections.abc import Callable

import numpy as np
import pytest

from app.evaluation.judged import Judged


@pytest.fixture
def judged_of() -> Callable[..., Judged]:
    """Makes judged rows of two labels from the true ones and the probabilities of the second."""

    def make(targets: list[int], positive: list[float], neutral: tuple[int, ...] = ()) -> Judged:
        share = np.array(positive)
        is_neutral = np.isin(np.arange(len(targets)), neutral)
        return Judged(("negative", "positive"), np.array(targets), np.column_stack([1 - share, share]), is_neutral)

    return make
