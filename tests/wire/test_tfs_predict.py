"""Predict's bodies: rows and columns, named and single tensors."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.errors import InputInvalid
from app.types import Array, Signature, TensorSpec
from app.wire.tfs_predict import read_predict, tensors_of, write_predict

NUMBERS = Signature((TensorSpec("x", "float32", (None, None)),), ())
PAIR = Signature((TensorSpec("word", "string", (None,)), TensorSpec("count", "int32", (None, None))), ())
DTYPES = ["bool", *(f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)), "float32", "float64"]


def read(body: str, signature: Signature) -> dict[str, Array]:
    return tensors_of(read_predict(body.encode(), signature), signature, body.encode())


@settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_tensor_comes_through_by_rows_and_by_columns(data: st.DataObject) -> None:
    dtype = data.draw(st.sampled_from(DTYPES))
    array = data.draw(arrays.arrays(dtype, arrays.array_shapes(max_side=3)))
    if array.dtype.kind == "f":
        array = np.where(np.abs(array) > 2**23, np.float32(0.5), array).astype(dtype)
    signature = Signature((TensorSpec("x", dtype, (None,) * array.ndim),), ())
    for is_by_rows, asked, answered in ((True, "instances", "predictions"), (False, "inputs", "outputs")):
        written = write_predict({"x": array}, is_by_rows=is_by_rows).decode()
        values = json.loads(written)[answered]
        read_again = read(json.dumps({asked: values}), signature)["x"]
        assert read_again.dtype == array.dtype
        assert np.array_equal(read_again, array, equal_nan=array.dtype.kind == "f")


@pytest.mark.parametrize(
    "body",
    [
        '{"instances": [{"word": "a", "count": [1]}, {"count": [2], "word": {"b64": "Yg=="}}]}',
        '{"inputs": {"count": [[1], [2]], "word": ["a", {"b64": "Yg=="}]}}',
    ],
)
def test_several_inputs_are_named(body: str) -> None:
    tensors = read(body, PAIR)
    assert tensors["word"].tolist() == ["a", "b"]
    assert tensors["count"].tolist() == [[1], [2]]
    assert tensors["count"].dtype == np.int32


@pytest.mark.parametrize("body", ['{"instances": [{"x": [1]}]}', '{"inputs": {"x": [[1]]}}', '{"instances": [[1]]}'])
def test_a_single_input_may_be_named(body: str) -> None:
    assert read(body, NUMBERS)["x"].tolist() == [[1.0]]


def test_a_string_in_base64_is_a_value_and_no_object_of_names() -> None:
    signature = Signature((TensorSpec("image", "string", (None,)),), ())
    for body in ('{"instances": [{"b64": "YQ=="}]}', '{"inputs": [{"b64": "YQ=="}]}'):
        assert read(body, signature)["image"].tolist() == ["a"]
    assert read('{"inputs": {"b64": "YQ=="}}', signature)["image"].shape == ()


def test_the_tokens_of_numbers_that_json_lacks_are_read_and_written() -> None:
    tensors = read('{"instances": [[NaN, Infinity, -Infinity]]}', NUMBERS)
    assert write_predict(tensors, is_by_rows=True) == b'{"predictions":[[NaN,Infinity,-Infinity]]}'


def test_several_outputs_are_objects_by_rows_and_one_object_by_columns() -> None:
    outputs = {"sum": np.array([[1.5], [2.5]], np.float32), "count": np.array([1, 2])}
    assert json.loads(write_predict(outputs, is_by_rows=True)) == {
        "predictions": [{"sum": [1.5], "count": 1}, {"sum": [2.5], "count": 2}]
    }
    assert json.loads(write_predict(outputs, is_by_rows=False)) == {"outputs": {"sum": [[1.5], [2.5]], "count": [1, 2]}}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{}", "expected either instances or inputs; received neither"),
        ('{"instances": [1], "inputs": [1]}', "received both"),
        ('{"instances": []}', "/instances: expected a list of at least one instance; received an empty list"),
        ('{"instances": {"count": 1}}', "received dict"),
        ('{"instances": [1, 2]}', "/instances: expected a list of objects with the inputs word, count; received int"),
        ('{"inputs": [1, 2]}', "/inputs: expected an object with the inputs word, count; received list"),
        ('{"instances": [{"word": "a", "count": [1]}, 3]}', "/instances/1: expected an object, as the first is"),
        (
            '{"instances": [{"word": "a", "count": [1]}, {"word": "a"}]}',
            "/instances/1: .* the first has; received word",
        ),
        ('{"instances": [{"word": "a", "count": [1]}, {"word": "a", "count": [1, 2]}]}', "/instances/count: .*ragged"),
        ('{"instances": [{"word": 1, "count": [1]}]}', "/instances/word: expected strings for string; received int"),
        (
            '{"inputs": {"word": ["a"], "count": [[1.5]]}}',
            "/inputs/count: expected whole numbers for int32; received fl",
        ),
        ('{"inputs": {"word": ["a"], "count": [[2147483648]]}}', "/inputs/count: expected values within int32"),
        ('{"inputs": {"word": [{"b64": 1}], "count": [[1]]}}', "/inputs/word"),
    ],
)
def test_a_body_that_says_what_cannot_be_is_refused_with_the_place(body: str, message: str) -> None:
    with pytest.raises(InputInvalid, match=message):
        read(body, PAIR)


def test_a_value_among_objects_and_an_object_among_values_are_refused() -> None:
    with pytest.raises(InputInvalid, match="/instances/1: expected a value, as the first is; received an object"):
        read('{"instances": [[1], {"x": [1]}]}', NUMBERS)


def test_a_whole_number_that_a_float_cannot_hold_exactly_is_refused_as_there() -> None:
    assert read('{"instances": [[16777215, 1e9, 3.5]]}', NUMBERS)["x"].tolist() == [[16777215, 1e9, 3.5]]
    for body in ('{"instances": [[16777217]]}', '{"inputs": [[1.5, -16777217, NaN]]}'):
        with pytest.raises(InputInvalid, match="whole numbers up to 16777215 for float32"):
            read(body, NUMBERS)


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e39"])
def test_a_number_that_would_become_infinite_is_refused(number: str) -> None:
    with pytest.raises(InputInvalid, match=r"a number beyond that|a value beyond it"):
        read(f'{{"instances": [[{number}]]}}', NUMBERS)
