"""A model's outputs as TensorFlow Serving's classifications and regressions.

After tensorflow/serving, tensorflow_serving/servables/tensorflow/classifier.cc and regressor.cc: `classes` and `scores`
are the outputs of a classifier, `outputs` that of a regressor. A model with one output of numbers means it by that.
"""

from collections.abc import Sequence

import numpy as np

from app.errors import InputInvalid
from app.types import Array, Tensors
from app.wire.oip_tensors import encoded

CLASSES, SCORES, OUTPUTS = "classes", "scores", "outputs"

Classes = list[tuple[str, float]]
"""The classes of one row: label and score."""


def classifications_of(outputs: Tensors, labels: Sequence[str]) -> list[Classes]:
    """Each row's classes with their scores; `labels` name the columns of a model that gives scores only.

    Raises `InputInvalid` where the outputs are not those of a classifier.
    """
    names = _matrix(outputs[CLASSES], CLASSES) if CLASSES in outputs else None
    if names is not None and SCORES not in outputs:
        return [[(_text(name), 0.0) for name in row] for row in names.tolist()]
    scores = _matrix(outputs[SCORES] if SCORES in outputs else _only_numbers(outputs), SCORES)
    if names is not None:
        pairs = zip(names.tolist(), scores.tolist(), strict=True)
        return [[(_text(name), score) for name, score in zip(*row, strict=True)] for row in pairs]
    if scores.shape[1] == 1 and len(labels) == 2:  # the probability of the second class
        scores = np.concatenate([1 - scores, scores], axis=1)
    known = labels if len(labels) == scores.shape[1] else [""] * scores.shape[1]
    return [list(zip(known, row, strict=True)) for row in scores.tolist()]


def regressions_of(outputs: Tensors) -> list[float]:
    """Each row's one number; raises `InputInvalid` where the outputs are not those of a regressor."""
    array = outputs[OUTPUTS] if OUTPUTS in outputs else _only_numbers(outputs)
    if array.dtype.kind != "f" or array.size != len(array):
        raise InputInvalid.at("", "a model that gives one number per row; ask Predict", f"{list(array.shape)}")
    values: list[float] = array.ravel().tolist()
    return values


def _text(name: str | bytes) -> str:
    """A class's name."""
    return encoded(name).decode(errors="replace")


def _matrix(array: Array, name: str) -> Array:
    """The same array; raises `InputInvalid` where it is no matrix."""
    if array.ndim != 2:
        raise InputInvalid.at("", f"a model whose {name} are [-1, -1]; ask Predict", f"{list(array.shape)}")
    return array


def _only_numbers(outputs: Tensors) -> Array:
    """The one output of a model that has no other, of floating-point numbers."""
    arrays = list(outputs.values())
    if len(arrays) != 1 or arrays[0].dtype.kind != "f":
        shown = ", ".join(f"{name} {list(array.shape)} {array.dtype.name}" for name, array in outputs.items())
        raise InputInvalid.at("", "a model with one output, of floating-point numbers; ask Predict", shown)
    return arrays[0]
