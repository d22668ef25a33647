"""`tf.Example`s as a model's tensors: each input is the feature of its name, a row per example.

After tensorflow/tensorflow, tensorflow/core/example/example.proto, and tensorflow/serving, apis/input.proto. A model
that reads examples itself, through its one input of strings, is given them serialised.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from app.errors import InputInvalid
from app.types import Array, Signature, TensorSpec
from app.wire.oip_tensors import numbers, objects
from app.wire.protos.tensorflow_pb2 import Example, Feature
from app.wire.protos.tensorflow_serving_pb2 import Input

LISTS = {"f": "float_list", "i": "int64_list", "u": "int64_list", "b": "int64_list", "O": "bytes_list"}
"""The list of a feature that holds each of numpy's kinds."""


def examples_of(request: Input) -> list[Example]:
    """The request's examples, each with the features of the context that it does not set itself.

    Raises `InputInvalid` where there is none.
    """
    if request.WhichOneof("kind") == "example_list_with_context":
        given = request.example_list_with_context
        examples = [_merged(given.context, example) for example in given.examples]
    else:
        examples = list(request.example_list.examples)
    if not examples:
        raise InputInvalid.at("/input", "at least one example", "none")
    return examples


def tensors_of(examples: Sequence[Example], signature: Signature, pointer: str = "/input") -> dict[str, Array]:
    """The model's inputs, a row for each example; `pointer` is where the examples stand in the request.

    Raises `InputInvalid` where a feature is missing or does not fit.
    """
    first = signature.inputs[0]
    reads_strings = len(signature.inputs) == 1 and (first.dtype, first.shape) == ("string", (None,))
    if reads_strings and not any(first.name in example.features.feature for example in examples):
        return {first.name: objects([example.SerializeToString() for example in examples], [len(examples)])}
    return {spec.name: _column(examples, spec, pointer) for spec in signature.inputs}


def _merged(context: Example, example: Example) -> Example:
    """An example on top of its context."""
    merged = Example()
    merged.CopyFrom(context)
    for name, feature in example.features.feature.items():
        merged.features.feature[name].CopyFrom(feature)
    return merged


def _column(examples: Sequence[Example], spec: TensorSpec, pointer: str) -> Array:
    """One input: the values of its feature in every example."""
    dtype = np.dtype(object if spec.dtype == "string" else spec.dtype)
    field = LISTS[dtype.kind]
    rows = [
        _values(example.features.feature.get(spec.name), field, spec, f"{pointer}/{row}")
        for row, example in enumerate(examples)
    ]
    shape = [len(rows), *_row_shape(spec, len(rows[0]), pointer)]
    for row, values in enumerate(rows):
        if len(values) != math.prod(shape[1:]):
            shown = [-1 if size is None else size for size in spec.shape[1:]]
            expected = f"{math.prod(shape[1:])} values of {spec.name!r} for {shown}"
            raise InputInvalid.at(f"{pointer}/{row}", expected, f"{len(values)} values")
    flat = [value for row in rows for value in row]
    if dtype.kind == "O":
        return objects(flat, shape)
    return numbers(flat, dtype, f"{pointer}/{spec.name}").reshape(shape)


def _values(feature: Feature | None, field: str, spec: TensorSpec, pointer: str) -> list[Any]:
    """One example's values of one input."""
    kind = feature.WhichOneof("kind") if feature is not None else None
    if kind != field:
        received = f"a {kind}" if kind else "none"
        raise InputInvalid.at(pointer, f"a feature {spec.name!r} with a {field} ({spec.dtype})", received)
    return list(getattr(feature, field).value)


def _row_shape(spec: TensorSpec, count: int, pointer: str) -> list[int]:
    """The shape of one row that holds `count` values: what one free size must be is known from the others."""
    fixed = math.prod(size for size in spec.shape[1:] if size is not None)
    free = [place for place, size in enumerate(spec.shape[1:]) if size is None]
    if len(free) > 1:
        shown = [-1 if size is None else size for size in spec.shape]
        raise InputInvalid.at(
            pointer, f"an input with at most one free size in its rows; send {spec.name!r} to Predict", str(shown)
        )
    return [count // max(fixed, 1) if size is None else size for size in spec.shape[1:]]
