"""Batches as the endless data sets that Keras takes: texts of any length, each batch shared out among the replicas."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import tensorflow as tf

from app.types import Array, Signature
from scripts.training.batches import Batches
from scripts.training.buckets import by_bucket, trimmed
from scripts.training.examples import Examples

Batch = tuple[Array, ...]
"""Inputs (rows, …), targets (rows, …) and, where labels weigh differently, weights (rows,)."""

VALIDATION_ROWS = 256
AHEAD = 2
"""So many batches are made while the model learns from one."""


def training_stream(
    batches: Batches,
    signature: Signature,
    strategy: tf.distribute.Strategy,
    *,
    label_weights: Mapping[int, float] | None = None,
    first: int = 0,
) -> tf.data.Dataset | tf.distribute.DistributedDataset:
    """The training batches from number `first` on, one after the other without end."""
    weigh = None if label_weights is None else _weigher(label_weights)

    def numbered() -> Iterator[Batch]:
        for number in itertools.count(first):
            inputs, targets = batches[number]
            yield (inputs, targets) if weigh is None else (inputs, targets, weigh(targets))

    return _stream(numbered, signature, next(numbered()), strategy)


def validation_stream(
    examples: Examples, buckets: Sequence[int], signature: Signature, strategy: tf.distribute.Strategy
) -> tuple[tf.data.Dataset | tf.distribute.DistributedDataset, int]:
    """Every row, with others of its bucket, again and again; and after how many batches all have come."""
    parts = [
        rows[start : start + VALIDATION_ROWS]
        for rows in by_bucket(examples.inputs, buckets)
        for start in range(0, len(rows), VALIDATION_ROWS)
    ]

    def batches() -> Iterator[Batch]:
        for rows in itertools.cycle(parts):
            yield trimmed(examples.inputs[rows], buckets), examples.targets[rows]

    return _stream(batches, signature, next(batches()), strategy), len(parts)


def share_out(batch: Batch, replicas: int) -> list[Batch]:
    """One part for each replica, all of the same size; the first rows come again where they cannot be so divided."""
    rows = len(batch[0])
    order = np.resize(np.arange(rows), math.ceil(rows / replicas) * replicas)
    return [tuple(array[part] for array in batch) for part in np.split(order, replicas)]


def _stream(
    batches: Callable[[], Iterator[Batch]], signature: Signature, like: Batch, strategy: tf.distribute.Strategy
) -> tf.data.Dataset | tf.distribute.DistributedDataset:
    """Batches of inputs as the signature has them, and of the rest as in `like`; on several replicas in parts."""
    given = signature.inputs[0]
    specs = (
        tf.TensorSpec(given.shape, given.dtype),
        *(tf.TensorSpec((None, *array.shape[1:]), array.dtype) for array in like[1:]),
    )
    replicas = strategy.num_replicas_in_sync
    if replicas == 1:
        return tf.data.Dataset.from_generator(batches, output_signature=specs).prefetch(AHEAD)

    def of_this_machine(context: tf.distribute.InputContext) -> tf.data.Dataset:
        own = replicas // context.num_input_pipelines
        start = context.input_pipeline_id * own

        def parts() -> Iterator[Batch]:
            for batch in batches():
                yield from share_out(batch, replicas)[start : start + own]

        return tf.data.Dataset.from_generator(parts, output_signature=specs).prefetch(AHEAD * own)

    return strategy.distribute_datasets_from_function(of_this_machine)


def _weigher(label_weights: Mapping[int, float]) -> Callable[[Array], Array]:
    """From targets, (rows,) or (rows, 1) labels or (rows, …) one-hot first, to each row's weight."""
    table = np.zeros(max(label_weights) + 1, np.float32)
    table[list(label_weights)] = list(label_weights.values())

    def weigh(targets: Array) -> Array:
        is_wide = targets.ndim == 2 and targets.shape[1] > 1
        labels = targets.argmax(axis=1) if is_wide else targets.reshape(-1)
        return np.asarray(table[labels.astype(np.int64)])

    return weigh
