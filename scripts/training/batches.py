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
    """Epoch after epoch without end, from `first_epoch` (counted from 0) on, shuffled anew in each.

    What a batch holds follows from its number alone. Keras fetches an epoch's first batches before it says that the
    epoch has begun, so that anything told at that time would come too late for some of them.
    """

    def __init__(
        self, examples: Examples, batch_size: int, seed: int, augment: Augment | None = None, *, first_epoch: int = 0
    ) -> None:
        super().__init__()
        self._examples = examples
        self._batch_size = batch_size
        self._seed = seed
        self._augment = augment
        self._first_epoch = first_epoch
        self._shuffled: tuple[int, Array] | None = None

    @property
    def num_batches(self) -> None:
        """Without end, in Keras's terms."""
        return

    @property
    def steps_per_epoch(self) -> int:
        """The batches in which every row comes once."""
        return math.ceil(len(self._examples.targets) / self._batch_size)

    def __getitem__(self, number: int) -> tuple[Array, Array]:
        epochs, index = divmod(number, self.steps_per_epoch)
        epoch = self._first_epoch + epochs
        rows = self._order(epoch)[index * self._batch_size : (index + 1) * self._batch_size]
        inputs = self._examples.inputs[rows]
        if self._augment is not None:
            inputs = self._augment(inputs, np.random.default_rng((self._seed, epoch, index)))
        return inputs, self._examples.targets[rows]

    def _order(self, epoch: int) -> Array:
        """The rows in that epoch's order; the last one asked for is kept."""
        shuffled = self._shuffled
        if shuffled is None or shuffled[0] != epoch:
            random = np.random.default_rng((self._seed, epoch))
            self._shuffled = shuffled = (epoch, random.permutation(len(self._examples.targets)))
        return shuffled[1]
