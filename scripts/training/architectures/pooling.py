"""The text classifier that averages its words."""

import keras

from scripts.training.architectures.layers import PresentAverage, TokenPresence, probabilities, token_input
from scripts.training.recipe import Pooling


def build_pooling(sizes: Pooling, vocabulary_size: int, length: int, outputs: int) -> keras.Model:
    """Embedding, the average over the tokens that are not padding, and the last layer.

    The form of Joulin et al., "Bag of Tricks for Efficient Text Classification" (2016).
    """
    tokens = token_input(length)
    vectors = keras.layers.Embedding(vocabulary_size, sizes.embedding, name="embedding")(tokens)
    average = PresentAverage(name="average")(vectors, TokenPresence(name="presence")(tokens))
    features = keras.layers.Dropout(sizes.dropout, name="dropout")(average)
    return keras.Model(tokens, probabilities(features, outputs), name="pooling")
