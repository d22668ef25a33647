"""Rows of tokens by the length that they are padded to, as in serving."""

from collections.abc import Sequence

import numpy as np

from app.processing.text import PADDING_ID
from app.types import Array


def count_tokens(inputs: Array) -> Array:
    """The tokens in each of (rows, length), padding not counted (rows,)."""
    return np.asarray((inputs != PADDING_ID).sum(axis=1))


def buckets_of(tokens: Array, buckets: Sequence[int]) -> Array:
    """The shortest of the rising `buckets` that holds each of so many `tokens` (rows,)."""
    return np.asarray(buckets)[np.searchsorted(buckets, tokens)]


def by_bucket(inputs: Array, buckets: Sequence[int]) -> list[Array]:
    """The numbers of the rows of each bucket that has any, for inputs (rows, length) padded in front.

    Without buckets, as for images, all rows are of one kind.
    """
    rows = np.arange(len(inputs))
    if not buckets:
        return [rows]
    own = buckets_of(count_tokens(inputs), buckets)
    return [rows[own == bucket] for bucket in np.unique(own)]


def trimmed(inputs: Array, buckets: Sequence[int]) -> Array:
    """Rows of one bucket (rows, length) with that bucket's padding only (rows, bucket)."""
    if not buckets:
        return inputs
    longest = int(count_tokens(inputs).max())
    return inputs[:, -int(buckets_of(np.array([longest]), buckets)[0]) :]
