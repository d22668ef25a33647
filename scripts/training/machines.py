"""What Keras's `fit` lacks for several machines, which its replicas on one machine do not need."""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from app.types import Array

Step = Callable[[Any], dict[str, Any]]


def spans_machines(strategy: tf.distribute.Strategy) -> bool:
    """Whether several processes learn at once, each with its copy of the model."""
    return isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)


def fit_for_several_machines(model: keras.Model, batch: tuple[Array, ...]) -> None:
    """Let a compiled model learn from batches like this one on several machines; others stay as they are.

    Keras (3.15) hands a whole batch to `Strategy.reduce` where it builds figures and optimiser, and single numbers
    where it takes their mean; between machines that function takes neither.
    """
    if not spans_machines(model.distribute_strategy):
        return
    with model.distribute_strategy.scope():
        model._symbolic_build(data_batch=batch)  # noqa: SLF001
    model._maybe_symbolic_build = lambda **_: None  # noqa: SLF001
    model.train_step = _as_rows(model.train_step)
    model.test_step = _as_rows(model.test_step)


def _as_rows(step: Step) -> Step:
    """The same step, whose figures are each a row of one."""
    return lambda data: {name: tf.reshape(figure, (1,)) for name, figure in step(data).items()}
