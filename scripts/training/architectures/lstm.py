"""The sentiment LSTM."""

from typing import Any

import keras

from scripts.training.architectures.layers import PresentAverage, PresentMaximum, TokenPresence, probabilities
from scripts.training.architectures.ngrams import Evidence, HashedNgrams
from scripts.training.recipe import Lstm, Ngrams


def build_lstm(
    sizes: Lstm, tokens: Any, vocabulary_size: int, outputs: int, ngrams: Ngrams | None = None
) -> keras.Model:
    """Embedding, LSTM layers with dropout on their inputs, and the last layer on what their states were over time.

    It sees each unit's average and maximum over the tokens (Howard and Ruder, "Universal Language Model Fine-tuning",
    2018) and, last of all, what the n-grams prove. Filters before it make words of characters (Zhou and others, "A
    C-LSTM Neural Network for Text Classification", 2015), and pooling leaves it fewer steps. Without a mask: with one,
    the ONNX conversion makes a loop of the LSTM, some fifty times as slow. Padding stands in front, where the network
    learns to wait, and has no part in average and maximum. A second LSTM may read the text from its end (Schuster and
    Paliwal, "Bidirectional Recurrent Neural Networks", 1997), and each filter's maximum stand beside the states' (Kim,
    "Convolutional Neural Networks for Sentence Classification", 2014).
    """
    states = keras.layers.Embedding(vocabulary_size, sizes.embedding, name="embedding")(tokens)
    if sizes.filters is not None:
        states = keras.layers.Conv1D(sizes.filters, 3, padding="same", activation="relu", name="filters")(states)
    present = presence = TokenPresence(name="presence")(tokens)
    beside = [PresentMaximum(name="filter_maximum")(states, present)] if sizes.filter_maximum else []
    if sizes.pool is not None:
        states = keras.layers.MaxPooling1D(sizes.pool, padding="same", name="pool")(states)
        presence = _pooled(presence, sizes.pool)
    for number, units in enumerate(sizes.units, 1):
        states = keras.layers.SpatialDropout1D(sizes.dropout, name=f"dropout_{number}")(states)
        states = _read(states, units, number, both_ways=sizes.bidirectional)
    average = PresentAverage(name="average")(states, presence)
    highest = PresentMaximum(name="highest")(states, presence)
    features = keras.layers.Concatenate(name="over_time")([average, highest, *beside])
    features = keras.layers.Dropout(sizes.head_dropout, name="head_dropout")(features)
    if ngrams is not None:
        weight = HashedNgrams(vocabulary_size, ngrams.slots)(tokens)
        features = keras.layers.Concatenate(name="beside")([features, Evidence(name="evidence")(weight, present)])
    return keras.Model(tokens, probabilities(features, outputs), name="lstm")


def _read(states: Any, units: int, number: int, *, both_ways: bool) -> Any:
    """The states (rows, length, units, or twice as many) of an LSTM, and of one that reads from the end, in place.

    Keras's `Bidirectional` gives the same ONNX graph, but begins with other weights for a seed than sentiment/5 did.
    """
    forward = keras.layers.LSTM(units, return_sequences=True, name=f"lstm_{number}")(states)
    if not both_ways:
        return forward
    back = keras.layers.LSTM(units, return_sequences=True, go_backwards=True, name=f"lstm_{number}_back")(states)
    return keras.layers.Concatenate(name=f"both_ways_{number}")([forward, keras.ops.flip(back, axis=1)])


def _pooled(presence: Any, size: int) -> Any:
    """Presence (rows, length) to that of the runs of `size` positions (rows, runs): whether any of them is present."""
    wide = keras.ops.expand_dims(presence, -1)
    return keras.ops.squeeze(keras.layers.MaxPooling1D(size, padding="same", name="pooled_presence")(wide), -1)
