"""The arithmetic that a model computes in, apart from the one that its weights are kept in."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras


@contextmanager
def computing_in(precision: str) -> Iterator[None]:
    """Layers that are made in this block compute in that precision: float32, mixed_float16 or mixed_bfloat16."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
