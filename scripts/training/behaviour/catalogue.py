"""Every set of checks by the name that a recipe gives it."""

import logging
from collections.abc import Callable, Sequence

import numpy as np

from scripts.training.behaviour.check import Check
from scripts.training.behaviour.chinese import chinese_checks
from scripts.training.behaviour.digits import digit_checks
from scripts.training.behaviour.english import english_checks
from scripts.training.behaviour.news import LABELS as NEWS_LABELS
from scripts.training.behaviour.news import news_checks
from scripts.training.data.types import Dataset

logger = logging.getLogger(__name__)

TEXT_SETS: dict[str, Callable[[], list[Check]]] = {
    "english": english_checks,
    "chinese": chinese_checks,
    "news": news_checks,
}


def checks_of(names: Sequence[str], datasets: Sequence[Dataset]) -> list[Check]:
    """The checks of these sets; those of `digits` change pictures of the first data set's test part.

    Those of `news` are left out, with a warning, where the labels are not AG News's.
    """
    checks: list[Check] = []
    for name in names:
        if name == "news" and datasets[0].labels != NEWS_LABELS:
            logger.warning("no behavioural tests of news: they are for the labels %s", ", ".join(NEWS_LABELS))
        elif name in TEXT_SETS:
            checks += TEXT_SETS[name]()
        else:
            checks += digit_checks(np.asarray(datasets[0].test.inputs))
    return checks
