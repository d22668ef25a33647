"""The sentiment LSTM."""

from typing import Any

import keras

from scripts.training.architectures.layers import probabilities
from scripts.training.recipe import Lstm


def build_lstm(sizes: Lstm, tokens: Any, vocabulary_size: int, outputs: int) -> keras.Model:
    """Embedding, LSTM layers with dropout on their inputs, and the last layer on the last state.

    Without a mask: with one, the ONNX conversion makes a loop of the LSTM, some fifty times as slow. Padding stands in
    front, where the network learns to wait.
    """
    states = keras.layers.Embedding(vocabulary_size, sizes.embedding, name="embedding")(tokens)
    for number, units in enumerate(sizes.units, 1):
        is_last = number == len(sizes.units)
        states = keras.layers.LSTM(units, dropout=sizes.dropout, return_sequences=not is_last, name=f"lstm_{number}")(
            states
        )
    return keras.Model(tokens, probabilities(states, outputs), name="lstm")
