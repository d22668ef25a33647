"""The further training rows of a recipe with `[fragments]`."""

import logging
import random
from collections.abc import Sequence

import numpy as np

from scripts.training.data.split import select
from scripts.training.data.types import Split
from scripts.training.fragments.cutting import MOST_WORDS, fragment_of
from scripts.training.languages import count_words, is_chinese
from scripts.training.recipe import Fragments
from scripts.training.sentence_encoder.opinions import Vectors, regression

logger = logging.getLogger(__name__)


def fragment_rows(settings: Fragments, training: Split, seed: int, vectors: Vectors) -> Split:
    """Fragments of the `training` texts and, as their targets (rows,) from 0 to 1, what the teacher thinks of them.

    The same for the same seed. Where both languages are there each gives half of the texts, or all that it has.
    """
    number = random.Random(seed)  # noqa: S311 repeatable, not secret
    taught = select(training, _taught(settings, training, number))
    teacher = regression(settings).fit(vectors([str(text) for text in taught.inputs]), taught.targets)
    texts = [str(training.inputs[row]) for row in _drawn(settings, training, number)]
    fragments = [fragment for text in texts if (fragment := fragment_of(text, number)) is not None]
    logger.info("the encoder labels %d fragments, taught by %d texts", len(fragments), len(taught.inputs))
    positive = teacher.predict_proba(vectors(fragments))[:, 1]
    return Split(fragments, positive.astype(np.float32))


def _taught(settings: Fragments, training: Split, number: random.Random) -> list[int]:
    """The numbers of the texts that the teacher learns from: short ones, which their label is true of as a whole."""
    short = [row for row, text in enumerate(training.inputs) if count_words(str(text)) <= MOST_WORDS]
    return _of_both(short, training, settings.taught_by, number)


def _drawn(settings: Fragments, training: Split, number: random.Random) -> list[int]:
    """The numbers of the texts that give a fragment."""
    return _of_both(list(range(len(training.inputs))), training, settings.count, number)


def _of_both(rows: Sequence[int], training: Split, count: int, number: random.Random) -> list[int]:
    """At most `count` of the rows, half of them Chinese where there are so many."""
    chinese = [row for row in rows if is_chinese(str(training.inputs[row]))]
    others = sorted(set(rows) - set(chinese))
    return [row for own in (others, chinese) for row in number.sample(own, min(len(own), count // 2))]
