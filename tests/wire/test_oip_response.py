"""Answers: JSON first, then the bytes that are not copied."""

import json

import numpy as np

from app.types import Inference
from app.wire.oip_binary import chunk_of
from app.wire.oip_outputs import WantedOutput
from app.wire.oip_request import InferRequest
from app.wire.oip_response import write_response

OUTPUTS = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.array([["x"], [b"\xff"]], object)}
INFERENCE = Inference("m", 3, OUTPUTS)


def test_all_outputs_as_bytes_follow_the_json_in_its_order() -> None:
    written = write_response(INFERENCE, InferRequest({}, is_binary=True), ())
    head = json.loads(written.chunks[0])
    assert written.header_length == len(written.chunks[0])
    assert [output["parameters"]["binary_data_size"] for output in head["outputs"]] == [24, 10]
    assert b"".join(written.chunks[1:]) == OUTPUTS["a"].tobytes() + b"\1\0\0\0x\1\0\0\0\xff"
    assert written.size_bytes == written.header_length + 34


def test_json_alone_has_no_header_length_and_only_what_was_asked() -> None:
    request = InferRequest({}, "7", outputs=[WantedOutput("a", is_binary=False)])
    written = write_response(INFERENCE, request, ())
    assert written.header_length is None
    assert json.loads(b"".join(written.chunks)) == {
        "model_name": "m",
        "model_version": "3",
        "id": "7",
        "outputs": [{"name": "a", "datatype": "FP32", "shape": [2, 3], "data": [0, 1, 2, 3, 4, 5]}],
    }


def test_classes_take_the_place_of_numbers() -> None:
    request = InferRequest({}, outputs=[WantedOutput("a", is_binary=False, classes=1)])
    [output] = json.loads(write_response(INFERENCE, request, ["p", "q", "r"]).chunks[0])["outputs"]
    assert output == {"name": "a", "datatype": "BYTES", "shape": [2, 1], "data": ["2.000000:2:r", "5.000000:2:r"]}


def test_numbers_that_lie_row_by_row_are_not_copied_and_others_are() -> None:
    array = np.arange(12, dtype=np.int64).reshape(3, 4)
    assert np.shares_memory(np.frombuffer(chunk_of(array[1:]), np.int64), array)
    assert bytes(chunk_of(array[:, 1:])) == array[:, 1:].tobytes()
    assert chunk_of(array[:0]) == b""
