"""Weights averaged over time, in the model's place while it is validated and kept."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import keras
import numpy as np
import tensorflow as tf

from app.types import Array
from scripts.training.recipe import Averaging, StochasticAveraging


class WeightMean:
    """The mean of a model's floating-point weights over the moments that were added to it."""

    def __init__(self, model: keras.Model) -> None:
        self._weights = [weight for weight in model.weights if "float" in weight.dtype]
        self._means = [tf.Variable(keras.ops.convert_to_numpy(weight)) for weight in self._weights]
        self.count = 0

    def add(self, least_share: float = 0.0) -> None:
        """Take the present weights into the mean, with the share 1 / count, or more where that is too little."""
        self.count += 1
        self._move(tf.constant(max(1 / self.count, least_share), tf.float32))

    @tf.function  # type: ignore[untyped-decorator]
    def _move(self, share: tf.Tensor) -> None:
        for weight, mean in zip(self._weights, self._means, strict=True):
            mean.assign_add(share * (tf.convert_to_tensor(weight.value) - mean))

    def exchange(self) -> None:
        """Put the mean into the model and the model's weights where the mean was, once there is a mean."""
        if not self.count:
            return
        for weight, mean in zip(self._weights, self._means, strict=True):
            own = keras.ops.convert_to_numpy(weight)
            weight.assign(mean.numpy())
            mean.assign(own)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The model has the mean for weights until the block ends."""
        self.exchange()
        try:
            yield
        finally:
            self.exchange()

    def state(self) -> list[Array]:
        """The count, and the means in the order of the model's weights."""
        return [np.array(self.count), *(mean.numpy() for mean in self._means)]

    def restore(self, state: Sequence[Array]) -> None:
        """Go on from what `state` gave."""
        self.count = int(state[0])
        for mean, value in zip(self._means, state[1:], strict=True):
            mean.assign(value)


class AverageWeights(keras.callbacks.Callback):  # type: ignore[misc]
    """Adds to the mean as the recipe's averaging says, and validates the mean in place of the weights."""

    def __init__(self, averaging: Averaging, mean: WeightMean, epochs: int) -> None:
        super().__init__()
        self._averaging = averaging
        self._mean = mean
        self._epochs = epochs
        self._epoch = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Note the epoch's number."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Move an exponential mean."""
        if not isinstance(self._averaging, StochasticAveraging):
            self._mean.add(1 - self._averaging.momentum)

    def on_test_begin(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Take in the epoch that has ended, where it is one of the last, and validate the mean."""
        averaging = self._averaging
        if isinstance(averaging, StochasticAveraging) and self._epoch >= self._epochs - averaging.epochs:
            self._mean.add()
        self._mean.exchange()

    def on_test_end(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Go on from the weights themselves."""
        self._mean.exchange()
