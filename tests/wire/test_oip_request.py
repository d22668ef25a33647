"""Requests of the Open Inference Protocol: what is read, and that nothing else can come of any bytes."""

import json
import tracemalloc
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import InputInvalid, RequestInvalid
from app.types import TensorSpec
from app.wire.oip_outputs import WantedOutput
from app.wire.oip_raw import raw_request
from app.wire.oip_request import read_request


def body(tail: bytes = b"", **asked: Any) -> tuple[bytes, int]:
    head = json.dumps(asked).encode()
    return head + tail, len(head)


def claimed(size: int, shape: list[int], datatype: str = "FP32", name: str = "x") -> dict:
    return {"name": name, "shape": shape, "datatype": datatype, "parameters": {"binary_data_size": size}}


def test_binary_tensors_follow_in_the_order_of_the_inputs() -> None:
    one, two = np.arange(6, dtype=np.float32).reshape(2, 3), np.array([True, False])
    inputs = [claimed(24, [2, 3]), claimed(2, [2], "BOOL", "y")]
    request = read_request(*body(one.tobytes() + two.tobytes(), inputs=inputs))
    assert np.array_equal(request.tensors["x"], one)
    assert np.array_equal(request.tensors["y"], two)


@pytest.mark.parametrize("spaces", range(8))
def test_a_tensor_is_a_view_of_the_body_unless_it_lies_across_the_processors_words(spaces: int) -> None:
    given, length = body(b"\0" * 8000, inputs=[claimed(8000, [1000], "FP64")])
    whole = b" " * spaces + given
    tensor = read_request(whole, spaces + length).tensors["x"]
    start = np.frombuffer(whole, np.uint8)[spaces + length :].ctypes.data
    assert tensor.flags.aligned
    assert np.shares_memory(tensor, np.frombuffer(whole, np.uint8)) == (start % 8 == 0)


def test_a_boolean_is_a_byte_of_0_or_1() -> None:
    assert read_request(*body(b"\1\0", inputs=[claimed(2, [2], "BOOL")])).tensors["x"].tolist() == [True, False]
    with pytest.raises(InputInvalid, match="bytes of 0 or 1"):
        read_request(*body(b"\1\2", inputs=[claimed(2, [2], "BOOL")]))


def test_outputs_follow_what_is_asked_for_all_unless_they_say_otherwise() -> None:
    tensor = {"name": "x", "shape": [1], "datatype": "FP32", "data": [1]}
    outputs = [{"name": "a"}, {"name": "b", "parameters": {"binary_data": False, "classification": 3}}]
    asked = {"id": "7", "inputs": [tensor], "outputs": outputs, "parameters": {"binary_data_output": True}}
    request = read_request(body(**asked)[0], None)
    assert request.request_id == "7"
    assert request.outputs == [WantedOutput("a", is_binary=True), WantedOutput("b", is_binary=False, classes=3)]


def test_a_claim_of_2_gib_reserves_nothing() -> None:
    bodies = [
        body(inputs=[{"name": "x", "shape": [2**29], "datatype": "FP32", "data": [1]}]),
        body(inputs=[claimed(2**31, [2**29])]),
        body(b"\0" * 8, inputs=[claimed(8, [2**31], "BYTES")]),
    ]
    tracemalloc.start()
    for one in bodies:
        with pytest.raises(InputInvalid):
            read_request(*one)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


EDITS = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 6)), max_size=4)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(edits=EDITS, shift=st.integers(-4, 4), datatype=st.sampled_from(["FP32", "INT64", "BYTES", "BOOL", "FP16"]))
def test_a_damaged_body_is_read_or_refused(edits: Any, shift: int, datatype: str) -> None:
    tail = b"\2\0\0\0ab\2\0\0\0cd"
    data, length = body(tail, id="1", inputs=[claimed(12, [3], datatype)], outputs=[{"name": "y"}])
    for place, inserted, removed in edits:
        start = int(place * len(data))
        data = data[:start] + inserted + data[start + removed :]
    with suppress(RequestInvalid):
        for tensor in read_request(data, min(max(length + shift, 0), len(data))).tensors.values():
            assert tensor.nbytes <= max(len(data), 8 * len(data))


@pytest.mark.parametrize(
    ("spec", "data", "expected"),
    [
        (TensorSpec("x", "float32", (None, 2)), np.array([1, 2], np.float32), [[1, 2]]),
        (TensorSpec("x", "int16", (None, None, 2)), np.array([1, 2, 3, 4], np.int16), [[[1, 2], [3, 4]]]),
        (TensorSpec("x", "float32", (None,)), np.array([5], np.float32), [5]),
        (TensorSpec("x", "string", (None, 1)), np.frombuffer(b"good", np.uint8), [["good"]]),
        (TensorSpec("x", "string", (None,)), np.frombuffer(b"", np.uint8), [""]),
    ],
)
def test_a_raw_body_is_one_row(spec: TensorSpec, data: np.ndarray, expected: list) -> None:
    request = raw_request(data.tobytes(), [spec])
    assert request.tensors["x"].tolist() == expected
    assert request.is_binary


@pytest.mark.parametrize(
    ("specs", "reason"),
    [
        ([TensorSpec("x", "float32", (None, None, None))], "several sizes open"),
        ([TensorSpec("x", "float32", (None, 3))], "12 bytes"),
        ([TensorSpec("x", "string", (None, 2))], "more than one string"),
        ([TensorSpec("x", "float32", (None,)), TensorSpec("y", "float32", (None,))], "2 inputs"),
    ],
)
def test_a_raw_body_that_can_mean_several_shapes_is_refused(specs: list[TensorSpec], reason: str) -> None:
    with pytest.raises(InputInvalid, match=reason):
        raw_request(b"\0" * 8, specs)
