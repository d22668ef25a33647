"""The text classifier that averages its words."""

from typing import Any

import keras

from scripts.training.architectures.layers import PresentAverage, PresentMaximum, TokenPresence, probabilities
from scripts.training.recipe import Pooling


def build_pooling(sizes: Pooling, tokens: Any, vocabulary_size: int, outputs: int) -> keras.Model:
    """Embedding, the average over the tokens that are not padding, and the last layer.

    The form of Joulin et al., "Bag of Tricks for Efficient Text Classification" (2016). With `maximum` the largest of
    each of the vectors' numbers stands beside the average, as in Shen et al., "Baseline Needs More Love" (2018), with
    `filters` the largest answer of each, as in Kim, "Convolutional Neural Networks for Sentence Classification" (2014).
    """
    vectors = keras.layers.Embedding(vocabulary_size, sizes.embedding, name="embedding")(tokens)
    presence = TokenPresence(name="presence")(tokens)
    features = [PresentAverage(name="average")(vectors, presence)]
    if sizes.maximum:
        features.append(PresentMaximum(name="maximum")(vectors, presence))
    if sizes.filters is not None:
        kept = keras.layers.SpatialDropout1D(sizes.dropout, name="vectors_dropout")(vectors)
        found = keras.layers.Conv1D(sizes.filters, 3, padding="same", activation="relu", name="filters")(kept)
        features.append(PresentMaximum(name="filter_maximum")(found, presence))
    pooled = keras.layers.Concatenate(name="pooled")(features) if len(features) > 1 else features[0]
    read = keras.layers.Dropout(sizes.dropout, name="dropout")(pooled)
    return keras.Model(tokens, probabilities(read, outputs), name="pooling")
