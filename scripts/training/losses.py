"""The losses: cross-entropy, with smoothed labels where the recipe says so; and the accuracy of unsure targets."""

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="horngate")
class SmoothedCrossentropy(keras.losses.Loss):  # type: ignore[misc]
    """The cross-entropy of labels (rows,) or (rows, 1) whose target is 1 - s, and s shared by all labels."""

    def __init__(self, label_smoothing: float) -> None:
        super().__init__(name="smoothed_crossentropy")
        self.label_smoothing = label_smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The loss of each row (rows,)."""
        one_hot = keras.ops.one_hot(keras.ops.reshape(y_true, (-1,)), y_pred.shape[-1], dtype=y_pred.dtype)
        return keras.losses.categorical_crossentropy(one_hot, y_pred, label_smoothing=self.label_smoothing)


@keras.saving.register_keras_serializable(package="horngate")
class LikelierAccuracy(keras.metrics.BinaryAccuracy):  # type: ignore[misc]
    """The share of rows (rows, 1) on the same side of one half as their targets, which may be probabilities."""

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Count a batch."""
        likelier = keras.ops.cast(keras.ops.greater(y_true, 0.5), y_pred.dtype)
        return super().update_state(likelier, y_pred, sample_weight)


def loss_of(label_smoothing: float, outputs: int) -> keras.losses.Loss:
    """The loss of a model of that many outputs: one is the probability of the second label of two."""
    if outputs == 1:
        return keras.losses.BinaryCrossentropy(label_smoothing=label_smoothing)
    if label_smoothing:
        return SmoothedCrossentropy(label_smoothing)
    return keras.losses.SparseCategoricalCrossentropy()
