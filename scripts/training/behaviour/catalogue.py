"""Every set of checks by the name that a recipe gives it."""

from collections.abc import Callable, Sequence

import numpy as np

from scripts.training.behaviour.check import Check
from scripts.training.behaviour.chinese import chinese_checks
from scripts.training.behaviour.digits import digit_checks
from scripts.training.behaviour.english import english_checks
from scripts.training.behaviour.news import news_checks
from scripts.training.data.types import Dataset

TEXT_SETS: dict[str, Callable[[], list[Check]]] = {
    "english": english_checks,
    "chinese": chinese_checks,
    "news": news_checks,
}


def checks_of(names: Sequence[str], datasets: Sequence[Dataset]) -> list[Check]:
    """The checks of these sets; those of `digits` change pictures of the first data set's test part."""
    checks: list[Check] = []
    for name in names:
        if name in TEXT_SETS:
            checks += TEXT_SETS[name]()
        else:
            checks += digit_checks(np.asarray(datasets[0].test.inputs))
    return checks
