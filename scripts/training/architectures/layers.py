"""What the text models share."""

from typing import Any

import keras

from app.processing.text import PADDING_ID
from scripts.training.recipe import Recipe

TOKENS, PIXELS, PROBABILITIES = "tokens", "pixels", "probabilities"
"""The names of inputs and output, in Keras, SavedModel, ONNX and manifest alike."""

FAR = 1e4
"""More than any number of a word's vector, and still one of 16 bits."""


def input_length(recipe: Recipe) -> int | None:
    """The length of a text model's input; None, any, where there are several buckets."""
    return recipe.buckets[0] if len(recipe.buckets) == 1 else None


def token_input(length: int | None) -> Any:
    """The input of every text model: ids (rows, length) int32, padded in front."""
    return keras.Input((length,), dtype="int32", name=TOKENS)


def probabilities(features: Any, outputs: int) -> Any:
    """The last layer: a sigmoid where there is one output, a softmax over the labels otherwise; float32 in any case."""
    activation = "sigmoid" if outputs == 1 else "softmax"
    return keras.layers.Dense(outputs, activation=activation, dtype="float32", name=PROBABILITIES)(features)


@keras.saving.register_keras_serializable(package="horngate")
class TokenPresence(keras.layers.Layer):  # type: ignore[misc]
    """Ids (rows, length) to 1.0 where a token stands and 0.0 where padding does, float32."""

    def call(self, tokens: Any) -> Any:
        """Compare with the padding's id."""
        return keras.ops.cast(keras.ops.not_equal(tokens, PADDING_ID), "float32")


@keras.saving.register_keras_serializable(package="horngate")
class PresentMaximum(keras.layers.Layer):  # type: ignore[misc]
    """The largest of each number of (rows, length, size) over the positions that `presence` marks, or zeros."""

    def call(self, vectors: Any, presence: Any) -> Any:
        """Push what is not marked below everything else."""
        marked = keras.ops.expand_dims(presence, -1)
        largest = keras.ops.max(vectors * marked - (1.0 - marked) * FAR, axis=1)
        return largest * keras.ops.max(presence, axis=1, keepdims=True)


@keras.saving.register_keras_serializable(package="horngate")
class PresentAverage(keras.layers.Layer):  # type: ignore[misc]
    """The average of (rows, length, size) over the positions that `presence` (rows, length) marks, or zeros."""

    def call(self, vectors: Any, presence: Any) -> Any:
        """Sum the marked vectors and divide by their number."""
        total = keras.ops.sum(vectors * keras.ops.expand_dims(presence, -1), axis=1)
        return total / keras.ops.maximum(keras.ops.sum(presence, axis=1, keepdims=True), 1.0)
