"""Tensors as bytes: views of numbers, strings after their lengths, and nothing larger than what came."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputInvalid
from app.wire.oip_tensors import DTYPES, array_of_bytes, bytes_of_array, datatype_of


@pytest.mark.parametrize("datatype", sorted(DTYPES))
def test_numbers_are_a_view_of_the_bytes(datatype: str) -> None:
    array = np.array([[0, 1, 1], [1, 0, 1]], DTYPES[datatype])
    data = bytes_of_array(array)
    read = array_of_bytes(data, datatype, [2, 3], "/inputs/x")
    assert datatype_of(read) == datatype
    assert np.array_equal(read, array)
    assert np.shares_memory(read, np.frombuffer(data, np.uint8))


def test_strings_are_text_where_they_are_utf8_and_bytes_where_they_are_not() -> None:
    array = np.array([["good", "电影"], ["", b"\xff"]], object)
    read = array_of_bytes(bytes_of_array(array), "BYTES", [2, 2], "/inputs/x")
    assert read.tolist() == array.tolist()
    assert datatype_of(read) == "BYTES"


@given(st.lists(st.binary(max_size=9), max_size=9))
def test_any_strings_come_back_as_they_were(texts: list[bytes]) -> None:
    array = np.empty(len(texts), object)
    array[:] = texts
    data = bytes_of_array(array)
    assert bytes_of_array(array_of_bytes(data, "BYTES", [len(texts)], "")) == data


@given(st.binary(max_size=60), st.sampled_from([*DTYPES, "BYTES"]), st.lists(st.integers(-2, 2**40), max_size=4))
def test_any_bytes_are_a_tensor_or_a_fault_of_the_input(data: bytes, datatype: str, shape: list[int]) -> None:
    with suppress(InputInvalid):
        assert list(array_of_bytes(data, datatype, shape, "/inputs/x").shape) == shape


@pytest.mark.parametrize(
    ("data", "datatype", "shape", "message"),
    [
        (b"1234", "FP32", [2], r"expected 8 bytes for \[2\] FP32; received 4 bytes"),
        (b"", "FP32", [2**31], "expected 8589934592 bytes"),
        (b"1234", "BF16", [2], "expected one of the datatypes BOOL, .*; received 'BF16'"),
        (b"1234", "FP32", [-1], r"expected a shape of at most 32 sizes from 0; received \[-1\]"),
        (b"\x05\0\0\0abc", "BYTES", [1], "expected 1 strings, each after its length in 4 bytes; received 7 bytes"),
        (b"\x01\0\0\0ab", "BYTES", [1], "that hold 1 strings and end at byte 5"),
        (b"", "BYTES", [2**40], "expected 1099511627776 strings"),
    ],
)
def test_bytes_that_do_not_fit_are_refused(data: bytes, datatype: str, shape: list[int], message: str) -> None:
    with pytest.raises(InputInvalid, match=message):
        array_of_bytes(data, datatype, shape, "/inputs/x")
