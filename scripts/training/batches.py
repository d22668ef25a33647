"""The training rows, batch by batch, in an order and with changes that only seed and epoch decide."""

import math
from collections.abc import Callable

import keras
import numpy as np

from app.types import Array
from scripts.training.examples import Examples

Augment = Callable[[Array, np.random.Generator], Array]
"""Changes a batch of inputs (rows, …) at random into one of the same shape."""


class Batches(keras.utils.PyDataset):  # type: ignore[misc]
    """Shuffled anew in each epoch; set `epoch` before it begins (`EpochClock` does)."""

    def __init__(self, examples: Examples, batch_size: int, seed: int, augment: Augment | None = None) -> None:
        super().__init__()
        self._examples = examples
        self._batch_size = batch_size
        self._seed = seed
        self._augment = augment
        self._order = np.arange(len(examples.targets))
        self.epoch = 0
        self.begin(0)

    def __len__(self) -> int:
        return math.ceil(len(self._order) / self._batch_size)

    def __getitem__(self, index: int) -> tuple[Array, Array]:
        rows = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        inputs = self._examples.inputs[rows]
        if self._augment is not None:
            inputs = self._augment(inputs, np.random.default_rng((self._seed, self.epoch, index)))
        return inputs, self._examples.targets[rows]

    def begin(self, epoch: int) -> None:
        """Take the order of that epoch, counted from 0."""
        self.epoch = epoch
        self._order = np.random.default_rng((self._seed, epoch)).permutation(len(self._examples.targets))


class EpochClock(keras.callbacks.Callback):  # type: ignore[misc]
    """Tells the batches which epoch begins, also after a resumed start."""

    def __init__(self, batches: Batches) -> None:
        super().__init__()
        self._batches = batches

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Pass the epoch on."""
        self._batches.begin(epoch)
