"""The classical baseline that a text model has to beat: TF-IDF of n-grams and logistic regression."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from app.types import Array

METHOD = (
    "TF-IDF (sublinear, n-grams of at least two texts) of 1–2 words and of 1–3 Chinese characters, "
    "logistic regression (C = 10)"
)
RUN = re.compile(r"[\u4e00-\u9fff]+|[^\W\u4e00-\u9fff]+")
RARE = 1000
"""From so many texts on, an n-gram must stand in two of them."""


def ngrams_of(text: str) -> list[str]:
    """A text's 1–2-grams of words in lower case, and the 1–3-grams of each run of Chinese characters."""
    words: list[str] = []
    found: list[str] = []
    for run in RUN.findall(text.lower()):
        if "\u4e00" <= run[0] <= "\u9fff":
            found += [run[start : start + size] for size in (1, 2, 3) for start in range(len(run) - size + 1)]
        else:
            words.append(run)
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    return found + words + pairs


class Baseline:
    """The baseline fitted on texts and targets (rows,), labels from 0 on without a gap."""

    def __init__(self, texts: Sequence[str], targets: Array) -> None:
        features = TfidfVectorizer(
            analyzer=ngrams_of, min_df=2 if len(texts) >= RARE else 1, sublinear_tf=True, dtype=np.float32
        )
        self._pipeline: Pipeline = make_pipeline(features, LogisticRegression(C=10, max_iter=1000))
        self._pipeline.fit(texts, targets)

    def probabilities(self, texts: Sequence[str]) -> Array:
        """Of each label (rows, labels)."""
        return np.asarray(self._pipeline.predict_proba(texts))
