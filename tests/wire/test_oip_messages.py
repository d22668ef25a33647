"""`ModelInferRequest` and its answer: typed and raw contents, parameters, and what does not belong together."""

import numpy as np
import pytest

from app.errors import BodyMalformed, InputInvalid, RequestInvalid
from app.types import Inference
from app.wire.oip_messages import CONTENTS, parameters_of, response_of, tensors_of
from app.wire.oip_tensors import DTYPES
from app.wire.protos.inference_pb2 import InferParameter, ModelInferRequest


def _request(datatype: str, shape: list[int], raw: bytes | None = None, **contents: object) -> ModelInferRequest:
    request = ModelInferRequest(raw_input_contents=[] if raw is None else [raw])
    request.inputs.add(name="x", datatype=datatype, shape=shape, contents=contents or None)
    return request


@pytest.mark.parametrize("datatype", sorted(CONTENTS.keys() - {"BYTES"}))
def test_typed_contents_become_the_tensor(datatype: str) -> None:
    tensors = tensors_of(_request(datatype, [2, 1], **{CONTENTS[datatype]: [1, 0]}))
    assert tensors["x"].dtype == DTYPES[datatype]
    assert tensors["x"].tolist() == [[1], [0]]


def test_typed_strings_become_the_tensor() -> None:
    assert tensors_of(_request("BYTES", [2], bytes_contents=[b"a", b"\xff"]))["x"].tolist() == ["a", b"\xff"]


def test_raw_contents_are_viewed_where_they_lie() -> None:
    data = np.array([[1.5, np.nan]], np.float32).tobytes()
    array = tensors_of(_request("FP32", [1, 2], data))["x"]
    assert array.base is not None
    assert np.array_equal(array, [[1.5, np.nan]], equal_nan=True)


def test_an_input_of_no_elements_needs_no_contents() -> None:
    assert tensors_of(_request("FP32", [0, 3]))["x"].shape == (0, 3)


@pytest.mark.parametrize(
    ("request_", "kind", "message"),
    [
        (
            _request("FP32", [2], fp32_contents=[1.0]),
            InputInvalid,
            "expected 2 values in fp32_contents for .* received 1",
        ),
        (_request("FP32", [1], int_contents=[1]), InputInvalid, "received 0 values"),
        (_request("FP32", [2**31, 2**31]), InputInvalid, "at most 281,474,976,710,656 elements"),
        (_request("FP32", [0, 2**62, 2**62]), InputInvalid, "at most 281,474,976,710,656 elements"),
        (_request("INT32", [1] * 65, b"1234"), InputInvalid, "at most 32 sizes"),
        (_request("FP16", [1]), InputInvalid, "expected FP16 in raw_input_contents"),
        (
            _request("INT8", [1], int_contents=[300]),
            InputInvalid,
            "expected int8 from -128 to 127; received a number beyond",
        ),
        (_request("FLOAT", [1]), InputInvalid, "received 'FLOAT'"),
        (_request("FP32", [-1]), InputInvalid, "sizes from 0"),
        (_request("FP32", [1], b"1234", fp32_contents=[1.0]), BodyMalformed, "received both"),
        (
            ModelInferRequest(inputs=[{"name": "x"}, {"name": "y"}], raw_input_contents=[b""]),
            BodyMalformed,
            "for 2 inputs; received 1",
        ),
        (
            ModelInferRequest(inputs=[{"name": "x", "datatype": "FP32", "shape": [0]}] * 2),
            InputInvalid,
            "expected each input once",
        ),
        (
            ModelInferRequest(inputs=[{"name": "x", "parameters": {"shared_memory_region": {"string_param": "r"}}}]),
            InputInvalid,
            "a region of shared memory",
        ),
    ],
)
def test_contents_that_do_not_fit_are_refused(
    request_: ModelInferRequest, kind: type[RequestInvalid], message: str
) -> None:
    with pytest.raises(kind, match=message):
        tensors_of(request_)


def test_parameters_are_the_values_that_they_hold() -> None:
    given = {
        "timeout": InferParameter(int64_param=7),
        "flag": InferParameter(bool_param=False),
        "none": InferParameter(),
    }
    assert parameters_of(given) == {"timeout": 7, "flag": False}


def test_the_answer_is_raw_and_says_what_answered() -> None:
    outputs = {"y": np.array([[1, 2]], np.int64), "t": np.array(["a"], object)}
    response = response_of(Inference("m", 3, outputs), outputs, "id")
    assert (response.model_name, response.model_version, response.id) == ("m", "3", "id")
    assert [(each.name, each.datatype, list(each.shape)) for each in response.outputs] == [
        ("y", "INT64", [1, 2]),
        ("t", "BYTES", [1]),
    ]
    assert list(response.raw_output_contents) == [outputs["y"].tobytes(), b"\x01\0\0\0a"]
