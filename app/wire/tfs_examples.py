"""Classify and Regress of TensorFlow Serving's REST: examples in, results out.

After tensorflow/serving, tensorflow_serving/util/json_tensor.cc. A feature of an input of floating-point numbers may be
written in whole ones: JavaScript has no other way to write 80.0.
"""

import math
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from pydantic_core import to_json

from app.errors import InputInvalid
from app.types import Signature
from app.wire.json_tensors import refuse_overflow
from app.wire.oip_tensors import encoded
from app.wire.protos.tensorflow_pb2 import Example, Feature
from app.wire.protos.tensorflow_serving_pb2 import Input
from app.wire.tf_results import Classes
from app.wire.tfs_json import asked_in, bytes_of

CONTEXT, EXAMPLES = "context", "examples"
LARGEST = float(np.finfo(np.float32).max)


def read_examples(body: bytes, signature: Signature) -> Input:
    """The examples of a body, with their context where there is one; raises `BodyMalformed` and `InputInvalid`."""
    asked = asked_in(body, (EXAMPLES, CONTEXT))
    given = asked.get(EXAMPLES)
    if not isinstance(given, list) or not given:
        received = "none" if given is None else "an empty list" if given == [] else type(given).__name__
        raise InputInvalid.at(f"/{EXAMPLES}", "a list of at least one example", received)
    floats = {spec.name for spec in signature.inputs if spec.dtype.startswith("float")}
    examples = [_example(example, f"/{EXAMPLES}/{place}", floats) for place, example in enumerate(given)]
    request = Input()
    if CONTEXT in asked:
        context = _example(asked[CONTEXT], f"/{CONTEXT}", floats)
        request.example_list_with_context.context.CopyFrom(context)
        request.example_list_with_context.examples.extend(examples)
        _refuse_overflow([context, *examples], body)
    else:
        request.example_list.examples.extend(examples)
        _refuse_overflow(examples, body)
    return request


def write_classifications(rows: Sequence[Classes]) -> bytes:
    """Each row's classes, pairs of label and score."""
    return to_json({"results": rows}, inf_nan_mode="constants")


def write_regressions(values: Sequence[float]) -> bytes:
    """A number for each row."""
    return to_json({"results": values}, inf_nan_mode="constants")


def _example(given: Any, pointer: str, floats: Collection[str]) -> Example:
    """An object as an example; `floats` names the features that are floating-point numbers."""
    if not isinstance(given, dict):
        raise InputInvalid.at(pointer, "an object of features", type(given).__name__)
    example = Example()
    for name, content in given.items():
        values = content if isinstance(content, list) else [content]
        feature = example.features.feature[name]
        if values:
            feature.CopyFrom(_feature(values, f"{pointer}/{name[:64]}", is_float=name in floats))
    return example


def _feature(values: Sequence[Any], pointer: str, *, is_float: bool) -> Feature:
    """Values of one kind, at least one, as a feature."""
    kinds = set(map(type, values))
    feature = Feature()
    if kinds <= {str, dict}:
        texts = [bytes_of(value, pointer) if isinstance(value, dict) else encoded(value) for value in values]
        feature.bytes_list.value.extend(texts)
    elif kinds <= {int, bool} and not is_float:
        if any(not -(2**63) <= value < 2**63 for value in values):
            raise InputInvalid.at(pointer, "whole numbers of 64 bits", "a number beyond that")
        feature.int64_list.value.extend(map(int, values))
    elif kinds == {float} or (is_float and kinds <= {int, float}):
        if any(LARGEST < abs(value) < math.inf for value in values):
            raise InputInvalid.at(pointer, f"numbers up to {LARGEST:.3g}", "a number beyond that")
        feature.float_list.value.extend(values)
    else:
        received = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise InputInvalid.at(
            pointer, "a value or a flat list of values, all text, whole numbers or decimals", received
        )
    return feature


def _refuse_overflow(examples: Sequence[Example], body: bytes) -> None:
    """Raise `InputInvalid` where a number of an example only became infinite."""
    floats = [
        value for one in examples for feature in one.features.feature.values() for value in feature.float_list.value
    ]
    refuse_overflow([np.array(floats, np.float32)], body, f"/{EXAMPLES}")
