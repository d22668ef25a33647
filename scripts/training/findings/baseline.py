"""The classical baseline that a text model has to beat: TF-IDF of n-grams and logistic regression."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from app.types import Array
from scripts.training.languages import is_chinese

METHOD = (
    "TF-IDF (sublinear, n-grams of at least two texts) of 1–2 words, of Chinese texts of 1–3 characters, "
    "logistic regression (C = 10)"
)
WORD = re.compile(r"\w+")
RARE = 1000
"""From so many texts on, an n-gram must stand in two of them."""


def ngrams_of(text: str) -> list[str]:
    """A text's 1–2-grams of words; of a Chinese text the 1–3-grams of all its characters, punctuation included."""
    lower = text.lower()
    if is_chinese(lower):
        return [lower[start : start + size] for size in (1, 2, 3) for start in range(len(lower) - size + 1)]
    words = WORD.findall(lower)
    return [*words, *(f"{first} {second}" for first, second in pairwise(words))]


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
