"""The last layer of a model with n-grams: how much the network and how much the table is to be believed."""

from collections.abc import Sequence

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression

from app.types import Array
from scripts.training.architectures.layers import PROBABILITIES
from scripts.training.architectures.ngrams import EVIDENCE
from scripts.training.buckets import by_bucket, trimmed
from scripts.training.examples import Examples

BATCH_ROWS = 256


def combine(model: keras.Model, held_out: Examples, buckets: Sequence[int]) -> None:
    """Set the last layer to the logistic regression of the labels on network and n-grams (Wolpert's stacking, 1992).

    `held_out` are rows that neither has learnt from: on those that they have, both would seem surer than they are.
    """
    layer = model.get_layer(PROBABILITIES)
    features = _features(keras.Model(model.inputs, layer.input), held_out.inputs, buckets)
    kernel, bias = layer.get_weights()
    network, evidence = features[:, :-EVIDENCE], features[:, -EVIDENCE:]
    opinions = np.column_stack([network @ kernel[:-EVIDENCE, 0] + bias, evidence])
    regression = LogisticRegression().fit(opinions, held_out.targets.reshape(-1).astype(np.int64))
    of_network, of_ngrams = regression.coef_[0, :1], regression.coef_[0, 1:]
    kernel = np.concatenate([kernel[:-EVIDENCE] * of_network, of_ngrams[:, np.newaxis]])
    layer.set_weights([kernel.astype(np.float32), (bias * of_network + regression.intercept_).astype(np.float32)])


def _features(below: keras.Model, inputs: Array, buckets: Sequence[int]) -> Array:
    """What reaches the last layer (rows, features), in the order of the inputs."""
    features = np.empty((len(inputs), below.output_shape[-1]), np.float32)
    for rows in by_bucket(inputs, buckets):
        for start in range(0, len(rows), BATCH_ROWS):
            part = rows[start : start + BATCH_ROWS]
            features[part] = below.predict_on_batch(trimmed(inputs[part], buckets))
    return features
