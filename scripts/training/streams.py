"""Batches as the data sets that Keras takes, texts of any length."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import tensorflow as tf

from app.types import Array, Signature
from scripts.training.batches import Batches
from scripts.training.buckets import by_bucket, trimmed
from scripts.training.examples import Examples

VALIDATION_ROWS = 256
AHEAD = 2
"""So many batches are made while the model learns from one."""


def endless(batches: Batches, signature: Signature) -> tf.data.Dataset:
    """The training batches, one after the other without end."""
    return _dataset(lambda: iter(batches), signature, batches[0][1])


def once(examples: Examples, buckets: Sequence[int], signature: Signature) -> tf.data.Dataset:
    """Every row once, with others of its bucket."""
    parts = [
        rows[start : start + VALIDATION_ROWS]
        for rows in by_bucket(examples.inputs, buckets)
        for start in range(0, len(rows), VALIDATION_ROWS)
    ]

    def batches() -> Iterator[tuple[Array, Array]]:
        for rows in parts:
            yield trimmed(examples.inputs[rows], buckets), examples.targets[rows]

    dataset = _dataset(batches, signature, examples.targets)
    return dataset.apply(tf.data.experimental.assert_cardinality(len(parts)))


def _dataset(
    batches: Callable[[], Iterable[tuple[Array, Array]]], signature: Signature, targets: Array
) -> tf.data.Dataset:
    """Batches of inputs as the signature has them, and of targets like these."""
    given = signature.inputs[0]
    specs = (
        tf.TensorSpec(given.shape, given.dtype),
        tf.TensorSpec((None, *targets.shape[1:]), targets.dtype),
    )
    return tf.data.Dataset.from_generator(batches, output_signature=specs).prefetch(AHEAD)
