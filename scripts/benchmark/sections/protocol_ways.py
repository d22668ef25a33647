"""One tensor in the words of every protocol: the bodies that the section on protocols sends."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from app.bench.request import Body
from app.types import Array
from app.wire.protos.inference_pb2 import ModelInferRequest
from scripts.benchmark.passing_model import INPUT

JSON = "application/json"


class Asked(NamedTuple):
    """A way to ask: its body, and the headers that go with it."""

    body: Body
    headers: Mapping[str, str]


def as_json(array: Array) -> Asked:
    """The Open Inference Protocol's tensor as a flat list."""
    tensor = {"name": INPUT, "shape": array.shape, "datatype": "FP32", "data": array.ravel().tolist()}
    return Asked(Body(json.dumps({"inputs": [tensor]}).encode(), JSON), {})


def as_bytes(array: Array) -> Asked:
    """Its tensor as bytes, the answer too."""
    size = {"binary_data_size": array.nbytes}
    tensor = {"name": INPUT, "shape": array.shape, "datatype": "FP32", "parameters": size}
    head = json.dumps({"inputs": [tensor], "parameters": {"binary_data_output": True}}).encode()
    headers = {"Inference-Header-Content-Length": str(len(head))}
    return Asked(Body(head + array.tobytes(), "application/octet-stream"), headers)


def as_rows(array: Array) -> Asked:
    """TensorFlow Serving's rows, as nested lists."""
    return Asked(Body(json.dumps({"instances": array.tolist()}).encode(), JSON), {})


def as_message(array: Array, model: str) -> bytes:
    """The Open Inference Protocol's message, the tensor in raw contents."""
    request = ModelInferRequest(model_name=model, raw_input_contents=[array.tobytes()])
    request.inputs.add(name=INPUT, datatype="FP32", shape=array.shape)
    return request.SerializeToString()
