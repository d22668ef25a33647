"""Whatever bytes come, readers of tensors give tensors or say what is wrong, and reserve nothing that was claimed."""

import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.errors import RequestInvalid
from app.types import TensorSpec
from app.wire.oip_binary import chunk_of, header_length_of
from app.wire.oip_messages import tensors_of
from app.wire.oip_raw import raw_request
from app.wire.oip_request import InferRequest, read_request
from app.wire.oip_tensors import DATATYPES, DTYPES, array_of_bytes, bytes_of_array
from app.wire.protos.inference_pb2 import ModelInferRequest
from app.wire.protos.tensorflow_pb2 import TensorProto
from app.wire.tensor_proto import array_of

fuzzed = settings(max_examples=100, deadline=None, derandomize=True, database=None)

POINTER = "/inputs/x"
MAX_BYTES = 2**20
DATATYPE = st.sampled_from([*DATATYPES.values(), "BF16", ""])
SIZES = st.integers(0, 4) | st.sampled_from([2**29, 2**31, 2**48, 2**62])
SHAPE = st.lists(SIZES, max_size=4) | st.lists(st.just(1), min_size=30, max_size=70)
DATA = st.binary(max_size=96)


def at_most(answer: Callable[[], Any]) -> Any:
    """The answer, or None where the request was refused; fails where more than 2 MiB were taken for it."""
    tracemalloc.start()
    try:
        return answer()
    except RequestInvalid:
        return None
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 2 * MAX_BYTES


@fuzzed
@given(data=DATA, datatype=DATATYPE, shape=SHAPE)
@example(data=b"", datatype="FP32", shape=[2**29])
@example(data=b"", datatype="INT32", shape=[0, 2**62, 2**62])
@example(data=b"\0" * 4, datatype="BYTES", shape=[2**29])
@example(data=b"\xff" * 4, datatype="BYTES", shape=[1])
@example(data=b"\0" * 4, datatype="INT32", shape=[1] * 65)
def test_any_bytes_as_any_tensor(data: bytes, datatype: str, shape: list[int]) -> None:
    array = at_most(lambda: array_of_bytes(data, datatype, shape, POINTER))
    if array is not None:
        assert list(array.shape) == shape
        assert bytes_of_array(array) == data


@fuzzed
@given(
    dtype=st.sampled_from(list(DTYPES.values())),
    shape=st.lists(st.integers(0, 3), min_size=1, max_size=3),
    seed=st.integers(0, 9),
)
def test_any_numbers_come_back_bit_by_bit(dtype: "np.dtype[Any]", shape: list[int], seed: int) -> None:
    bits = np.random.default_rng(seed).integers(0, 2 if dtype.kind == "b" else 256, (*shape, dtype.itemsize), np.uint8)
    array = bits.view(dtype).reshape(shape)
    datatype = next(name for name, kind in DTYPES.items() if kind == dtype)
    assert array_of_bytes(bytes(chunk_of(array)), datatype, shape, POINTER).tobytes() == array.tobytes()


@fuzzed
@given(texts=st.lists(st.binary(max_size=9), max_size=5))
def test_any_strings_come_back_byte_by_byte(texts: list[bytes]) -> None:
    array = np.empty(len(texts), object)
    array[:] = texts
    data = bytes(chunk_of(array))
    assert bytes_of_array(array_of_bytes(data, "BYTES", [len(texts)], POINTER)) == data


@fuzzed
@given(
    given_length=st.none() | st.binary(max_size=25) | st.integers(-2, 300).map(b"%d".__mod__), size=st.integers(0, 99)
)
def test_any_header_length_is_within_the_body_or_refused(given_length: bytes | None, size: int) -> None:
    length = at_most(lambda: header_length_of(given_length, size))
    assert length is None or 0 <= length <= size


TENSOR = st.fixed_dictionaries(
    {"name": st.sampled_from(["x", "y", ""]), "datatype": DATATYPE, "shape": SHAPE},
    optional={
        "data": st.lists(st.integers(-3, 3), max_size=4),
        "parameters": st.fixed_dictionaries({"binary_data_size": st.integers(-1, 64) | SIZES | st.none()}),
    },
)


@fuzzed
@given(
    tensors=st.lists(TENSOR, max_size=3),
    tail=DATA,
    cut=st.integers(0, 40),
    moved=st.integers(-3, 3),
)
def test_any_request_with_any_bytes_behind_it_and_any_end(
    tensors: list[dict[str, Any]], tail: bytes, cut: int, moved: int
) -> None:
    head = json.dumps({"inputs": tensors}).encode()
    body = (head + tail)[: max(0, len(head) + len(tail) - cut)]
    request = at_most(lambda: read_request(body, header_length_of(b"%d" % (len(head) + moved), len(body))))
    if request is not None:
        assert isinstance(request, InferRequest)
        assert len(request.tensors) == len(tensors)


@fuzzed
@given(body=DATA, dtype=st.sampled_from(list(DATATYPES)), shape=st.lists(st.none() | st.integers(1, 4), max_size=3))
def test_any_bytes_as_the_one_row_of_any_model(body: bytes, dtype: str, shape: list[int | None]) -> None:
    request = at_most(lambda: raw_request(body, [TensorSpec("x", dtype, (None, *shape))]))
    assert request is None or len(request.tensors["x"]) == 1


CONTENTS = st.fixed_dictionaries(
    {},
    optional={
        "int_contents": st.lists(st.integers(-(2**31), 2**31 - 1), max_size=4),
        "fp32_contents": st.lists(st.floats(width=32), max_size=4),
        "bytes_contents": st.lists(st.binary(max_size=4), max_size=4),
    },
)
MESSAGE_TENSOR = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["x", "y"]),
        "datatype": DATATYPE,
        "shape": SHAPE | st.lists(st.integers(-2, 2), max_size=3),
    },
    optional={"contents": CONTENTS},
)


@fuzzed
@given(inputs=st.lists(MESSAGE_TENSOR, max_size=3), raw=st.lists(DATA, max_size=3))
@example(inputs=[{"name": "x", "datatype": "FP32", "shape": [0, 2**62, 2**62]}], raw=[])
def test_any_message_of_the_open_inference_protocol(inputs: list[dict[str, Any]], raw: list[bytes]) -> None:
    request = ModelInferRequest(inputs=inputs, raw_input_contents=raw)
    tensors = at_most(lambda: tensors_of(request))
    assert tensors is None or [list(array.shape) for array in tensors.values()] == [one["shape"] for one in inputs]


@fuzzed
@given(
    kind=st.integers(0, 30),
    shape=SHAPE | st.lists(st.integers(-2, 2), max_size=3),
    content=st.just(b"") | DATA,
    numbers=st.lists(st.integers(-300, 300), max_size=4),
)
@example(kind=1, shape=[2**29], content=b"", numbers=[])
@example(kind=1, shape=[0, 2**62, 2**62], content=b"", numbers=[])
def test_any_tensor_of_tensorflows(kind: int, shape: list[int], content: bytes, numbers: list[int]) -> None:
    tensor = TensorProto(dtype=kind, tensor_content=content, int_val=numbers)
    for size in shape:
        tensor.tensor_shape.dim.add(size=size)
    array = at_most(lambda: array_of(tensor, POINTER, MAX_BYTES))
    assert array is None or list(array.shape) == shape


@pytest.mark.parametrize("datatype", ["FP32", "BYTES"])
def test_two_gibibytes_claimed_in_a_hundred_bytes_reserve_nothing(datatype: str) -> None:
    claimed = {"name": "x", "datatype": datatype, "shape": [2**29], "parameters": {"binary_data_size": 2**31}}
    body = json.dumps({"inputs": [claimed]}).encode()
    assert at_most(lambda: read_request(body + b"\0" * 8, len(body))) is None
