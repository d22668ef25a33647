"""TensorFlow's gradients of a SavedModel's outputs along its inputs; imported in a child process only."""

from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from app.inference.runtimes.gradients import CLEAREST, Aims, differentiable, packed
from app.types import Array, Signature


def differentiated(
    function: Callable[..., Mapping[str, Any]], feeds: Mapping[str, Any], asked: Array, signature: Signature
) -> dict[str, Array]:
    """The outputs for `feeds`, with the gradients that are `asked` for (rows, 3) packed into the output they are of.

    Each row's own, for the rows of a batch know nothing of each other; zeros where nothing depends on an input.
    """
    aims = Aims.of(asked, signature)
    watched = [feeds[name] for name in differentiable(signature)]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(watched)
        outputs = function(**feeds)
        values = tf.reshape(outputs[aims.output], (len(asked), -1))
        scores = scores_of(values, aims)
    gradients = tape.gradient(scores, watched, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    given = {name: value.numpy() for name, value in outputs.items()}
    gradients = [tf.convert_to_tensor(gradient).numpy() for gradient in gradients]
    return {**given, aims.output: packed(values.numpy(), gradients)}


def scores_of(values: Any, aims: Aims) -> Any:
    """What is differentiated, of an output's values (rows, elements): one number a row."""
    elements = tf.constant(aims.elements)
    return _log_odds(values, elements) if aims.is_class else tf.gather(values, elements, batch_dims=1)


def _log_odds(values: Any, elements: Any) -> Any:
    """The logarithm of each row's class's odds (rows,): against the others' sum, which keeps its digits near 0."""
    if values.shape[1] == 1:
        second = tf.clip_by_value(values[:, 0], CLEAREST, 1 - CLEAREST)
        log_odds = tf.math.log(second) - tf.math.log1p(-second)
        return tf.where(elements == 1, log_odds, -log_odds)
    chosen = tf.one_hot(elements, values.shape[1], dtype=values.dtype)
    own = tf.reduce_sum(values * chosen, axis=1)
    others = tf.reduce_sum(values * (1 - chosen), axis=1)
    return tf.math.log(tf.maximum(own, CLEAREST)) - tf.math.log(tf.maximum(others, CLEAREST))
