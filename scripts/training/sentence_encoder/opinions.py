"""What a frozen sentence encoder and a logistic regression on its vectors think of texts."""

from collections.abc import Callable, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from app.types import Array
from scripts.training.recipe import FrozenEncoder
from scripts.training.sentence_encoder.encoder_file import find_encoder, read_encoder

Vectors = Callable[[Sequence[str]], Array]
"""What an encoder makes of texts: (texts, size) float32."""

MOST_STEPS = 300
FOLDS = 5


def open_vectors(settings: FrozenEncoder, key: str) -> Vectors:
    """The encoder of an installed package; `key` is the recipe's part that names it.

    Raises `RecipeInvalid` where it is not there, or is another than the recipe's.
    """
    from scripts.training.sentence_encoder.encoder import SentenceEncoder  # noqa: PLC0415 only some recipes need it

    file = read_encoder(find_encoder(settings.package, f"{key}.package"), settings.sha256, f"{key}.sha256")
    return SentenceEncoder(file, settings.layers, settings.most_tokens).vectors


def regression(settings: FrozenEncoder) -> Pipeline:
    """A logistic regression on the vectors' numbers, each brought to mean 0 and variance 1, not fitted yet."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=settings.strength, max_iter=MOST_STEPS))


def cross_fitted(settings: FrozenEncoder, texts: Sequence[str], targets: Array, seed: int, vectors: Vectors) -> Array:
    """Probabilities (texts, labels) float32 of texts with labels `targets` (texts,).

    Each is by a regression that has not learnt the text: the texts are dealt into five parts, alike in their labels,
    and one part's get the opinion of a regression that was fitted to the other four. The same for the same seed.
    """
    parts = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    found = vectors(texts)
    opinions = cross_val_predict(regression(settings), found, targets, cv=parts, method="predict_proba")
    return np.asarray(opinions, np.float32)
