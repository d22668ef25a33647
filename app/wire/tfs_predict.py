"""Predict of TensorFlow Serving's REST: rows in `instances`, or whole tensors in `inputs`.

After tensorflow/serving, tensorflow_serving/util/json_tensor.cc.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from pydantic_core import to_json

from app.errors import InputInvalid
from app.types import Array, Signature, Tensors, TensorSpec
from app.wire.json_tensors import array_of_lists, refuse_overflow
from app.wire.tfs_json import asked_in, is_base64, texts_of, values_of

INSTANCES, INPUTS = "instances", "inputs"


class PredictRequest(NamedTuple):
    """What a body asks: nested lists by the input's name; `is_by_rows` where they came row by row."""

    columns: Mapping[str, Any]
    is_by_rows: bool

    @property
    def pointer(self) -> str:
        """Where the inputs stand in the body."""
        return f"/{INSTANCES if self.is_by_rows else INPUTS}"


def read_predict(body: bytes, signature: Signature) -> PredictRequest:
    """The inputs that a body names; raises `BodyMalformed` and `InputInvalid`.

    Whether the model has all of them, and no other, is the caller's to see.
    """
    asked = asked_in(body, (INSTANCES, INPUTS))
    if (INSTANCES in asked) == (INPUTS in asked):
        received = "both" if INPUTS in asked else "neither"
        raise InputInvalid.at("", f"either {INSTANCES} or {INPUTS}", received)
    names = [spec.name for spec in signature.inputs]
    if INSTANCES in asked:
        return PredictRequest(_columns(asked[INSTANCES], names), is_by_rows=True)
    given = asked[INPUTS]
    if _is_named(given):
        return PredictRequest(given, is_by_rows=False)
    return PredictRequest({_only(names, f"/{INPUTS}", "an object", given): given}, is_by_rows=False)


def tensors_of(request: PredictRequest, signature: Signature, body: bytes) -> dict[str, Array]:
    """The request's inputs, all of which the model has, as arrays of the model's dtypes; raises `InputInvalid`.

    `body` is where they came from: it tells infinity from a number that is too large.
    """
    tensors = {
        spec.name: _tensor(request.columns[spec.name], spec, f"{request.pointer}/{spec.name}")
        for spec in signature.inputs
    }
    refuse_overflow(tensors.values(), body, request.pointer)
    return tensors


def write_predict(outputs: Tensors, *, is_by_rows: bool) -> bytes:
    """The answer: `predictions` row by row, or `outputs`; the name of a single output is left out.

    Raises `InputInvalid` for an output that JSON cannot hold.
    """
    columns = {name: values_of(array, name) for name, array in outputs.items()}
    told: Any = columns if len(columns) > 1 else next(iter(columns.values()))
    if is_by_rows and len(columns) > 1:
        told = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return to_json({"predictions" if is_by_rows else "outputs": told}, inf_nan_mode="constants")


def _is_named(value: Any) -> bool:
    """Whether this is an object that names inputs."""
    return isinstance(value, dict) and not is_base64(value)


def _only(names: list[str], pointer: str, expected: str, given: Any) -> str:
    """The name of the one input; raises `InputInvalid` where there are several, for then they must be named."""
    if len(names) > 1:
        raise InputInvalid.at(pointer, f"{expected} with the inputs {', '.join(names)}", type(given).__name__)
    return names[0]


def _columns(instances: Any, names: list[str]) -> dict[str, Any]:
    """Rows, each a value or an object, as one list for each input that the first of them names."""
    if not isinstance(instances, list) or not instances:
        received = "an empty list" if instances == [] else type(instances).__name__
        raise InputInvalid.at(f"/{INSTANCES}", "a list of at least one instance", received)
    first = instances[0]
    is_named = _is_named(first)
    name = "" if is_named else _only(names, f"/{INSTANCES}", "a list of objects", first)
    for place, instance in enumerate(instances):
        if _is_named(instance) != is_named:
            expected, received = ("an object", "a value") if is_named else ("a value", "an object")
            raise InputInvalid.at(f"/{INSTANCES}/{place}", f"{expected}, as the first is", received)
        if is_named and instance.keys() != first.keys():
            received = ", ".join(instance)[:128]
            raise InputInvalid.at(f"/{INSTANCES}/{place}", "the inputs that the first has", received)
    return {key: [instance[key] for instance in instances] for key in first} if is_named else {name: instances}


def _tensor(values: Any, spec: TensorSpec, pointer: str) -> Array:
    """One input as an array of its dtype."""
    if spec.dtype == "string":
        return array_of_lists(texts_of(values, pointer), np.dtype(object), spec.dtype, pointer)
    return array_of_lists(values, np.dtype(spec.dtype), spec.dtype, pointer, is_exact=True)
