"""Nested lists as arrays."""

import numpy as np
import pytest

from app.errors import BodyMalformed, InputInvalid
from app.wire.json_tensors import array_of_lists, json_of, refuse_overflow


def test_lists_of_any_depth_and_a_single_value_are_arrays() -> None:
    for values in (3, [3], [[3, 4], [5, 6]]):
        array = array_of_lists(values, np.dtype("int8"), "int8", "/x")
        assert array.dtype == np.int8
        assert array.tolist() == values


def test_a_value_of_another_type_is_named_with_what_is_expected() -> None:
    with pytest.raises(InputInvalid, match="/x: expected whole numbers for int8; received float"):
        array_of_lists([1.0], np.dtype("int8"), "int8", "/x")


@pytest.mark.parametrize("dtype", ["float32", "object"])
def test_ragged_lists_are_refused(dtype: str) -> None:
    values = [[1.0], [2.0, 3.0]] if dtype == "float32" else [["a"], ["b", "c"]]
    with pytest.raises(InputInvalid, match="lists of equal length; received ragged lists"):
        array_of_lists(values, np.dtype(dtype), dtype, "/x")


def test_lists_deeper_than_any_tensor_are_refused() -> None:
    with pytest.raises(InputInvalid, match="/x: expected at most 32 levels of lists; received 150"):
        array_of_lists(json_of(b"[" * 150 + b"1" + b"]" * 150), np.dtype("int8"), "int8", "/x")


def test_a_whole_number_that_a_float_rounds_is_refused_where_that_matters() -> None:
    values = [[2**24 - 1, 1e9], [float("nan"), -(2**24) - 1]]
    assert array_of_lists(values, np.dtype("float32"), "float32", "/x").shape == (2, 2)
    assert array_of_lists(values[:1], np.dtype("float32"), "float32", "/x", is_exact=True).shape == (1, 2)
    with pytest.raises(InputInvalid, match="/x: expected whole numbers up to 16777215 for float32"):
        array_of_lists(values, np.dtype("float32"), "float32", "/x", is_exact=True)


@pytest.mark.parametrize("body", [b"", b"{", b"nothing", b'"\xff"', b"[" * 10_000])
def test_what_is_no_json_is_malformed(body: bytes) -> None:
    with pytest.raises(BodyMalformed):
        json_of(body)


def test_infinity_is_taken_where_it_is_written_and_refused_where_a_number_becomes_it() -> None:
    for body in (b"[Infinity, -Infinity, NaN]", b"[1e300]"):
        refuse_overflow([np.array(json_of(body))], body, "/x")
    with pytest.raises(InputInvalid, match="/x: expected numbers that a float can hold"):
        refuse_overflow([np.array(json_of(b"[1e400]"))], b"[1e400]", "/x")
