"""The text classifier that averages its words."""

from typing import Any

import keras

from scripts.training.architectures.layers import PresentAverage, TokenPresence, probabilities
from scripts.training.recipe import Pooling


def build_pooling(sizes: Pooling, tokens: Any, vocabulary_size: int, outputs: int) -> keras.Model:
    """Embedding, the average over the tokens that are not padding, and the last layer.

    The form of Joulin et al., "Bag of Tricks for Efficient Text Classification" (2016).
    """
    vectors = keras.layers.Embedding(vocabulary_size, sizes.embedding, name="embedding")(tokens)
    average = PresentAverage(name="average")(vectors, TokenPresence(name="presence")(tokens))
    features = keras.layers.Dropout(sizes.dropout, name="dropout")(average)
    return keras.Model(tokens, probabilities(features, outputs), name="pooling")
