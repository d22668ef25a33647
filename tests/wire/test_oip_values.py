"""Tensors as JSON: nothing is rounded, cut or wrapped on the way."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.errors import InputInvalid
from app.wire.oip_tensors import DTYPES, datatype_of
from app.wire.oip_values import array_of_values, values_of_array


@given(st.data())
def test_any_tensor_comes_back_through_json_flat_or_nested(data: Any) -> None:
    dtype = data.draw(st.sampled_from(sorted(set(DTYPES.values()), key=str)))
    array = data.draw(arrays.arrays(dtype, arrays.array_shapes(max_side=3)))
    datatype = datatype_of(array)
    for values in (values_of_array(array, "y"), array.tolist()):
        read = array_of_values(json.loads(json.dumps(values)), datatype, array.shape, "/inputs/x")
        assert read.dtype == array.dtype
        assert np.array_equal(read, array, equal_nan=dtype.kind == "f")


@pytest.mark.parametrize("datatype", ["INT8", "INT64", "UINT8", "UINT64"])
def test_integers_reach_to_the_ends_of_their_type_and_no_further(datatype: str) -> None:
    ends = np.iinfo(DTYPES[datatype])
    assert array_of_values([ends.min, ends.max], datatype, [2], "/x").tolist() == [ends.min, ends.max]
    for beyond in (ends.min - 1, ends.max + 1):
        with pytest.raises(InputInvalid, match="beyond"):
            array_of_values([beyond, 0], datatype, [2], "/x")


@pytest.mark.parametrize(("datatype", "value"), [("FP16", 65_520), ("FP32", 3.5e38), ("FP64", 10**400)])
def test_a_number_that_would_become_infinite_is_refused(datatype: str, value: float) -> None:
    with pytest.raises(InputInvalid, match="beyond"):
        array_of_values([value], datatype, [1], "/x")


@pytest.mark.parametrize("values", [[["a", "b"], ["c"]], [["a", "b"], "c"], [[1], 2]])
def test_ragged_lists_are_refused(values: list) -> None:
    datatype = "INT32" if values == [[1], 2] else "BYTES"
    with pytest.raises(InputInvalid, match=r"ragged|values of the shape"):
        array_of_values(values, datatype, [2, 2], "/x")


def test_bytes_that_are_no_text_need_binary_data() -> None:
    array = np.array([b"\xff", b"a"], object)
    with pytest.raises(InputInvalid, match="binary_data"):
        values_of_array(array, "y")
    assert values_of_array(array[1:], "y") == ["a"]
