"""What is asked over every protocol is the same tensor, as the server reads it."""

import json

import numpy as np

from app.types import Signature, TensorSpec
from app.wire.oip_messages import tensors_of
from app.wire.oip_request import read_request
from app.wire.protos.inference_pb2 import ModelInferRequest
from app.wire.tfs_predict import read_predict
from scripts.benchmark.passing_model import INPUT
from scripts.benchmark.sections.protocol_ways import as_bytes, as_json, as_message, as_rows

ARRAY = np.arange(6, dtype=np.float32).reshape(1, 2, 3)


def test_json_and_bytes_ask_for_the_same():
    one, two = as_json(ARRAY), as_bytes(ARRAY)
    length = int(two.headers["Inference-Header-Content-Length"])
    for request in (read_request(one.body.content, None), read_request(two.body.content, length)):
        assert np.array_equal(request.tensors[INPUT], ARRAY)
    assert json.loads(two.body.content[:length])["parameters"] == {"binary_data_output": True}


def test_rows_ask_for_the_same():
    signature = Signature((TensorSpec(INPUT, "float32", (None, 2, 3)),), ())
    assert np.array_equal(read_predict(as_rows(ARRAY).body.content, signature).columns[INPUT], ARRAY)


def test_a_message_asks_for_the_same():
    request = ModelInferRequest.FromString(as_message(ARRAY, "small"))
    assert request.model_name == "small"
    assert np.array_equal(tensors_of(request)[INPUT], ARRAY)
