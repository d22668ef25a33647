"""Losses and figures that know a teacher's opinion from a plain label."""

from typing import Any

import keras

from scripts.training.recipe import Distillation

LEAST = 1e-7
"""Probabilities are kept this far from 0, so that their logarithm is finite."""


@keras.saving.register_keras_serializable(package="horngate")
class DistillationLoss(keras.losses.Loss):  # type: ignore[misc]
    """`weight` of what the teachers think and the rest of the `plain` loss; the plain one alone for plain targets.

    The teachers' part is the cross-entropy of both sides' probabilities softened by the temperature T, times T² so that
    its gradients keep their size (Hinton, Vinyals, Dean 2015). `plain` takes targets as validation has them.
    """

    def __init__(self, plain: keras.losses.Loss, settings: Distillation) -> None:
        super().__init__(name="distillation")
        self.plain = plain
        self.settings = settings

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The loss of each row (rows,)."""
        if not _holds_opinions(y_true, y_pred):
            return self.plain.call(y_true, y_pred)
        one_hot, opinion = keras.ops.split(keras.ops.cast(y_true, y_pred.dtype), 2, axis=-1)
        hard = self.plain.call(_plain_targets(one_hot, y_pred), y_pred)
        temperature, weight = self.settings.temperature, self.settings.weight
        wanted = keras.ops.softmax(_logarithm(opinion) / temperature)
        said = keras.ops.log_softmax(_logarithm(_all_labels(y_pred)) / temperature)
        soft = -(temperature**2) * keras.ops.sum(wanted * said, axis=-1)
        return (1 - weight) * hard + weight * soft


@keras.saving.register_keras_serializable(package="horngate")
class LabelAccuracy(keras.metrics.Mean):  # type: ignore[misc]
    """The share of rows whose likeliest label is theirs, whatever the teachers think."""

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Count a batch of plain targets, or of labels and opinions side by side."""
        if _holds_opinions(y_true, y_pred):
            labels = keras.ops.argmax(keras.ops.split(y_true, 2, axis=-1)[0], axis=-1)
        else:
            labels = keras.ops.reshape(y_true, (-1,))
        predicted = keras.ops.argmax(_all_labels(y_pred), axis=-1)
        is_right = keras.ops.equal(keras.ops.cast(labels, "int32"), keras.ops.cast(predicted, "int32"))
        return super().update_state(keras.ops.cast(is_right, "float32"), sample_weight)


def _holds_opinions(targets: Any, predicted: Any) -> bool:
    """Whether the targets are wider than the plain ones, (rows,) or (rows, 1)."""
    return len(targets.shape) == 2 and targets.shape[-1] == 2 * max(predicted.shape[-1], 2)


def _plain_targets(one_hot: Any, predicted: Any) -> Any:
    """One-hot labels as validation has them: (rows, 1) float for one output, (rows, 1) int otherwise."""
    if predicted.shape[-1] == 1:
        return one_hot[:, 1:]
    return keras.ops.expand_dims(keras.ops.argmax(one_hot, axis=-1), -1)


def _all_labels(predicted: Any) -> Any:
    """Probabilities of each label; one output is the second label's."""
    if predicted.shape[-1] == 1:
        return keras.ops.concatenate([1 - predicted, predicted], axis=-1)
    return predicted


def _logarithm(probabilities: Any) -> Any:
    return keras.ops.log(keras.ops.clip(probabilities, LEAST, 1.0))
