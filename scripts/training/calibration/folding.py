"""The temperature inside the model: its last layer's weights divided, so that every runtime and server agrees."""

from collections.abc import Sequence

import keras
import numpy as np

from app.errors import HorngateError
from app.types import Array
from scripts.training.architectures.layers import PROBABILITIES
from scripts.training.buckets import by_bucket, trimmed

BATCH_ROWS = 256


class CalibrationFailed(HorngateError):
    """The model has no last layer that a temperature could be folded into."""

    code = "calibration_failed"
    title = "The model cannot be calibrated"


def logits_of(model: keras.Model, inputs: Array, buckets: Sequence[int]) -> Array:
    """What the last layer gives before its sigmoid or softmax, (rows, labels) float64, in the order of the inputs.

    A sigmoid's one logit stands beside a zero, of which the softmax says the same.
    """
    layer = _last_layer(model)
    below = keras.Model(model.inputs, layer.input)
    kernel, bias = (weight.astype(np.float64) for weight in layer.get_weights())
    logits = np.empty((len(inputs), len(bias)))
    for rows in by_bucket(inputs, buckets):
        for start in range(0, len(rows), BATCH_ROWS):
            part = rows[start : start + BATCH_ROWS]
            features = np.asarray(below.predict_on_batch(trimmed(inputs[part], buckets)), np.float64)
            logits[part] = features @ kernel + bias
    return logits if logits.shape[1] > 1 else np.column_stack([np.zeros(len(logits)), logits])


def fold(model: keras.Model, temperature: float) -> None:
    """Divide the last layer's kernel and bias by the temperature."""
    layer = _last_layer(model)
    layer.set_weights([weight / temperature for weight in layer.get_weights()])


def _last_layer(model: keras.Model) -> keras.layers.Dense:
    """The dense layer `probabilities`; raises `CalibrationFailed`."""
    layer = model.layers[-1]
    if layer.name != PROBABILITIES or not isinstance(layer, keras.layers.Dense) or len(layer.get_weights()) != 2:
        raise CalibrationFailed(
            f"expected a dense layer {PROBABILITIES!r} with kernel and bias at the end of {model.name}; received "
            f"{type(layer).__name__} {layer.name!r}; end the architecture with it (`layers.probabilities`)"
        )
    return layer
