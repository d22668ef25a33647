"""Gradients, asked for with a batch: one more input says of what, and the output that it names brings them along."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from app.types import Array, Signature, Tensors, rows_of

ASKED = "gradient of"
"""The input that asks. A SavedModel's own are arguments of a function, whose names have no space."""

SHARE = "share of the way"
"""The input that asks for gradients along looked up rows, for ids have none: how far, in each row, these are on the way
from the padding's row of every table, 0, to the ids' own, 1."""

CLEAREST = 1e-7
"""Probabilities are taken to be this far from 0 and 1 at least: float32 has no finer steps below 1."""


class Aim(NamedTuple):
    """What is differentiated: in each row one `element` of the `output`, which is flattened.

    With `is_class` the output holds probabilities, and the logarithm of that class's odds is differentiated. One number
    a row is the probability of the second of two classes.
    """

    output: str
    element: int
    is_class: bool

    def beside(self, tensors: Tensors, signature: Signature) -> Tensors:
        """The batch that asks for this: rows that ask for other elements of the same output may join it."""
        numbers = np.array([_output_names(signature).index(self.output), self.element, self.is_class], np.int32)
        return {**tensors, ASKED: np.tile(numbers, (rows_of(tensors), 1))}


class Aims(NamedTuple):
    """What a batch asks for, row by row: `elements` (rows,) of one output."""

    output: str
    elements: Array
    is_class: bool

    @classmethod
    def of(cls, asked: Array, signature: Signature) -> "Aims":
        """What stands in the input that asks (rows, 3)."""
        place, _, is_class = asked[0].tolist()
        return cls(_output_names(signature)[place], asked[:, 1], is_class=bool(is_class))


def differentiable(signature: Signature) -> Sequence[str]:
    """The inputs along which there are gradients, those of floating-point numbers, by their names' order."""
    return sorted(spec.name for spec in signature.inputs if spec.dtype.startswith("float"))


def inputs_in(tensors: Tensors) -> Tensors:
    """A batch's own inputs, without those that ask."""
    return {name: array for name, array in tensors.items() if name not in (ASKED, SHARE)}


def packed(values: Array, gradients: Sequence[Array]) -> Array:
    """An output's values (rows, …) and the gradients along each input (rows, …), side by side (rows, numbers)."""
    rows = len(values)
    return np.hstack([part.reshape(rows, -1) for part in (values, *gradients)])


def unpacked(numbers: Array, shapes: Mapping[str, tuple[int, ...]]) -> tuple[Array, Mapping[str, Array]]:
    """The values (rows, elements) in what `packed` made, and the gradients (rows, …) along inputs of these shapes."""
    sizes = [math.prod(shape) for shape in shapes.values()]
    edges = np.cumsum([numbers.shape[1] - sum(sizes), *sizes])
    values, *gradients = np.split(numbers, edges[:-1], axis=1)
    named = zip(shapes.items(), gradients, strict=True)
    return values, {name: gradient.reshape(-1, *shape) for (name, shape), gradient in named}


def _output_names(signature: Signature) -> Sequence[str]:
    """In an order that does not change when a SavedModel is loaded again."""
    return sorted(spec.name for spec in signature.outputs)
