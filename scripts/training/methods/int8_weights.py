"""Weights as eight-bit integers with a scale for each channel, and a SavedModel that holds them so."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from app.inference.runtimes.savedmodel import SIGNATURE
from app.types import Array, Signature

LARGEST = 127


@dataclass(frozen=True, slots=True)
class Int8Weights:
    """`values` int8 and `scales` float32, of the same number of dimensions: their product is the weights."""

    values: Array
    scales: Array

    def restored(self) -> Array:
        """The float32 weights that they stand for."""
        return np.asarray(self.values.astype(np.float32) * self.scales)


def to_int8(weights: Array) -> Int8Weights:
    """Round symmetrically, each channel of the last axis (an embedding's dimension, a layer's output) by its own scale.

    No weight moves by more than half its channel's largest one divided by 127.
    """
    others = tuple(range(weights.ndim - 1))
    scales = np.abs(weights).max(axis=others, keepdims=True) / LARGEST
    scales = np.where(scales == 0, 1, scales).astype(np.float32)
    return Int8Weights(np.round(weights / scales).astype(np.int8), scales)


def write_int8_saved_model(model: keras.Model, signature: Signature, folder: Path) -> None:
    """Write the model with every kernel and embedding as int8; they become float32 again in every call.

    Not by `model.quantize("int8")`, which knows dense layers and embeddings only, no LSTM and no convolution, and
    rounds the inputs of each layer too. Weights of one dimension, such as biases, stay as they are.
    """
    module = tf.Module()
    trained, others = ([_stored(variable) for variable in part] for part in _variables(model))
    module.stored = [trained, others]
    given, output = signature.inputs[0], signature.outputs[0].name

    def serve(inputs: Any) -> dict[str, Any]:
        weights = ([_restored(weight) for weight in part] for part in (trained, others))
        outputs, _ = model.stateless_call(*weights, inputs, training=False)
        return {output: outputs}

    spec = tf.TensorSpec(given.shape, given.dtype, name=given.name)
    tf.saved_model.save(
        module, str(folder), {SIGNATURE: tf.function(serve, input_signature=[spec]).get_concrete_function()}
    )


def _variables(model: keras.Model) -> tuple[list[Any], list[Any]]:
    return model.trainable_variables, model.non_trainable_variables


def _stored(variable: Any) -> tuple[tf.Variable, ...]:
    """What the SavedModel holds of a weight: integers and scales, or the weight itself."""
    value = keras.ops.convert_to_numpy(variable)
    if value.ndim < 2 or value.dtype != np.float32:
        return (tf.Variable(value, trainable=False),)
    small = to_int8(value)
    return tf.Variable(small.values, trainable=False), tf.Variable(small.scales, trainable=False)


def _restored(stored: tuple[tf.Variable, ...]) -> tf.Tensor:
    if len(stored) == 1:
        return stored[0].value()
    values, scales = stored
    return tf.cast(values, tf.float32) * scales
