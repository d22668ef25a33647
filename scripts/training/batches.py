"""The training rows, batch by batch, in an order and with changes that only seed and epoch decide."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from app.types import Array
from scripts.training.buckets import buckets_of, count_tokens
from scripts.training.crops import Crops, DrawCrops
from scripts.training.examples import Examples

Augment = Callable[[Array, np.random.Generator], Array]
"""Changes a batch of inputs (rows, …) at random into one of the same shape."""

Label = Callable[[Array, Crops | None, Array], Array]
"""The targets (rows, …) of the rows of these numbers, read by these crops, with these inputs (rows, …)."""


@dataclass(frozen=True, slots=True)
class _Epoch:
    """What an epoch's batches hold: the numbers of their rows and, of texts, which part."""

    number: int
    batches: list[Array]
    crops: Crops | None


class Batches:
    """Epoch after epoch without end, from `first_epoch` (counted from 0) on, shuffled anew in each.

    Texts are cropped first, and a batch holds such as are padded to the same of the `buckets`. Every row comes once an
    epoch, and all epochs have the same number of batches: where the rows of a bucket would fill fewer, its batches are
    smaller. What a batch holds follows from its number alone, so that it is no matter how early it is fetched.
    A `label` gives the targets in place of the examples' own.
    """

    def __init__(
        self,
        examples: Examples,
        batch_size: int,
        seed: int,
        augment: Augment | None = None,
        *,
        label: Label | None = None,
        draw_crops: DrawCrops | None = None,
        buckets: Sequence[int] = (),
        first_epoch: int = 0,
    ) -> None:
        self._examples = examples
        self._batch_size = batch_size
        self._seed = seed
        self._augment = augment
        self._label = label
        self._draw_crops = draw_crops
        self._buckets = buckets
        self._first_epoch = first_epoch
        self._tokens = count_tokens(examples.inputs) if draw_crops is not None else np.empty(0)
        self._drawn: _Epoch | None = None

    @property
    def steps_per_epoch(self) -> int:
        """The batches in which every row comes once: one more for every bucket but the first than without buckets."""
        rows = len(self._examples.targets)
        return min(rows, math.ceil(rows / self._batch_size) + max(len(self._buckets), 1) - 1)

    def __iter__(self) -> Iterator[tuple[Array, Array]]:
        number = 0
        while True:
            yield self[number]
            number += 1

    def __getitem__(self, number: int) -> tuple[Array, Array]:
        epochs, index = divmod(number, self.steps_per_epoch)
        epoch = self._epoch(self._first_epoch + epochs)
        rows = epoch.batches[index]
        inputs = self._examples.inputs[rows]
        if epoch.crops is not None:
            length = buckets_of(epoch.crops.sizes[rows[:1]], self._buckets)
            inputs = epoch.crops.take(rows, inputs, int(length[0]))
        if self._augment is not None:
            inputs = self._augment(inputs, np.random.default_rng((self._seed, epoch.number, index)))
        if self._label is not None:
            return inputs, self._label(rows, epoch.crops, inputs)
        return inputs, self._examples.targets[rows]

    def _epoch(self, number: int) -> _Epoch:
        """What that epoch's batches hold; the last one asked for is kept."""
        if self._drawn is None or self._drawn.number != number:
            self._drawn = self._draw(number)
        return self._drawn

    def _draw(self, number: int) -> _Epoch:
        """That epoch's order, crops and batches."""
        random = np.random.default_rng((self._seed, number))
        order = random.permutation(len(self._examples.targets))
        if self._draw_crops is None:
            return _Epoch(number, np.array_split(order, self.steps_per_epoch), None)
        crops = self._draw_crops(self._tokens, random)
        own = buckets_of(crops.sizes, self._buckets)
        batches = _split(order, own, self._batch_size, self.steps_per_epoch)
        return _Epoch(number, [batches[place] for place in random.permutation(len(batches))], crops)


def _split(order: Array, own: Array, most: int, batches: int) -> list[Array]:
    """The rows in `order`, those of one bucket in so many equal batches that all together are `batches`."""
    groups = [order[own[order] == bucket] for bucket in np.unique(own)]
    counts = [math.ceil(len(group) / most) for group in groups]
    while sum(counts) < batches:
        fullest = max(range(len(groups)), key=lambda place: len(groups[place]) / counts[place])
        counts[fullest] += 1
    return [part for group, count in zip(groups, counts, strict=True) for part in np.array_split(group, count)]
