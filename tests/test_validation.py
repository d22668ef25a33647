"""A request against the model's signature and the server's limits."""

import numpy as np
import pytest

from app.errors import InputInvalid, TooLarge
from app.types import Signature, TensorSpec
from app.validation import check_arrays, check_rows, check_tensors, check_text, numeric_array


def signature_of(*inputs: TensorSpec) -> Signature:
    return Signature(inputs, (TensorSpec("y", "float32", (None,)),))


def checked(values, dtype="float32", shape=(None,)):
    """One input `x` of this dtype and shape."""
    return check_tensors({"x": values}, signature_of(TensorSpec("x", dtype, shape)))["x"]


def test_as_many_rows_as_the_limit_may_come():
    check_rows(8, 8)
    with pytest.raises(TooLarge, match="expected at most 1,024 inputs in one request; received 10,000; send them in"):
        check_rows(10_000, 1024)


@pytest.mark.parametrize(
    ("text", "received"), [("", "an empty text"), (" \t\n", "3 characters of white space"), ("\u3000", "1 characters")]
)
def test_a_blank_text_is_refused(text, received):
    with pytest.raises(InputInvalid, match=f"/text: expected a text with .*; received {received}"):
        check_text(text, "/text", 10)


def test_a_text_may_be_as_long_as_the_limit():
    check_text("x" * 10, "/text", 10)
    with pytest.raises(TooLarge, match="/texts/2: expected at most 10 characters; received 200,000; shorten it"):
        check_text("x" * 200_000, "/texts/2", 10)


@pytest.mark.parametrize(
    ("values", "dtype", "shape"),
    [
        ([1.5, 2], "float32", (None,)),
        ([[1, 2], [3, 4]], "float64", (None, 2)),
        ([[[1]], [[2]]], "float16", (None, 1, None)),
        ([1, 2.0, -3], "int32", (None,)),
        ([0, 255], "uint8", (None,)),
        ([2**64 - 1], "uint64", (None,)),
        ([-(2**63), 2**63 - 1], "int64", (None,)),
        ([True, False], "bool", (None,)),
        (["a", "很好"], "string", (None,)),
        ([["a", "b"], ["", "d\x00"]], "string", (None, 2)),
        ([[]], "float32", (None, None)),
    ],
)
def test_values_become_a_tensor_of_the_models_dtype(values, dtype, shape):
    array = checked(values, dtype, shape)
    assert array.dtype == (object if dtype == "string" else np.dtype(dtype))
    assert array.tolist() == values


@pytest.mark.parametrize(
    ("values", "dtype", "expected", "received"),
    [
        ([1, "a"], "float32", "numbers", "numbers and strings"),
        ("text", "float32", "numbers", "strings"),
        ([True], "float32", "numbers", "true or false"),
        ([None], "float32", "numbers", "null"),
        (None, "float32", "numbers", "null"),
        ({"a": 1}, "float32", "numbers", "objects"),
        ([{}], "int64", "numbers", "objects"),
        ([[1], [1, 2]], "float32", "lists of equal length", "ragged lists"),
        ([[1], 2], "float32", "lists of equal length", "ragged lists"),
        ([float("nan")], "float32", "finite numbers", "NaN or infinity"),
        ([float("inf")], "int64", "finite numbers", "NaN or infinity"),
        ([10**30], "float32", "numbers", "numbers beyond 64 bits"),
        ([10**400, 1.5], "float32", "numbers", "numbers beyond 64 bits"),
        ([1.5, 10**400], "float32", "numbers", "numbers beyond 64 bits"),
        ([1e39], "float32", r"float32 up to 3.4e\+38", "a number beyond that"),
        ([-1e39], "float32", r"float32 up to 3.4e\+38", "a number beyond that"),
        ([70_000], "float16", r"float16 up to 6.55e\+04", "a number beyond that"),
        ([-(2**63)], "float16", r"float16 up to 6.55e\+04", "a number beyond that"),
        ([1.5], "int32", r"whole numbers \(int32\)", "fractions"),
        ([2**31], "int32", "int32 from -2147483648 to 2147483647", "a number beyond that"),
        ([-1], "uint8", "uint8 from 0 to 255", "a number beyond that"),
        ([2**63], "int64", "int64 from", "a number beyond that"),
        ([2.0**63], "int64", "int64 from", "a number beyond that"),
        ([2**63, -1], "int64", "int64 from", "a number beyond that"),
        ([2.0**64], "uint64", "uint64 from", "a number beyond that"),
        ([1, 0], "bool", "true or false", "numbers"),
        ([[True], [True, False]], "bool", "lists of equal length", "ragged lists"),
        (["a", 1], "string", "strings", "numbers and strings"),
        ([["a"], ["b", "c"]], "string", "lists of equal length", "ragged lists"),
        ([["a"], "b"], "string", "lists of equal length", "ragged lists"),
    ],
)
def test_values_that_do_not_fit_are_refused(values, dtype, expected, received):
    with pytest.raises(InputInvalid, match=f"^/inputs/x: expected {expected}.*; received {received}$"):
        checked(values, dtype)


@pytest.mark.parametrize(
    ("value", "dtype"), [(3.4028235e38, "float32"), (-3.4028235e38, "float32"), (65_519, "float16")]
)
def test_a_number_that_is_rounded_to_the_largest_is_that(value, dtype):
    assert abs(checked([value], dtype)[0]) == np.finfo(dtype).max


@pytest.mark.parametrize(
    ("values", "shape", "received"),
    [
        (5, (None,), r"\[\]"),
        ([1, 2], (None, 2), r"\[2\]"),
        ([[1, 2, 3]], (None, 2), r"\[1, 3\]"),
        ([[[1]]], (None, 1), r"\[1, 1, 1\]"),
        ([], (None, 2), r"\[0\]"),
    ],
)
def test_another_shape_is_refused_with_both_shapes(values, shape, received):
    expected = str([-1, *shape[1:]]).replace("[", r"\[").replace("]", r"\]")
    with pytest.raises(InputInvalid, match=rf"^/inputs/x: expected {expected} float32; received {received} "):
        checked(values, shape=shape)


def test_depth_beyond_numpys_is_refused():
    for dtype, leaf in (("float32", 1), ("string", "a")):
        nested = [leaf]
        for _ in range(100):
            nested = [nested]
        with pytest.raises(InputInvalid):
            checked(nested, dtype)


PAIR = signature_of(TensorSpec("left", "float32", (None, 2)), TensorSpec("right", "float32", (None, 2)))


def test_every_input_comes_in_the_signatures_order():
    tensors = check_tensors({"right": [[3, 4]], "left": [[1, 2]]}, PAIR)
    assert list(tensors) == ["left", "right"]


def test_an_input_that_is_missing_is_named():
    with pytest.raises(InputInvalid, match="/inputs: expected an input 'right'; received none of that name"):
        check_tensors({"left": [[1, 2]]}, PAIR)


def test_an_input_that_the_model_does_not_have_is_named_with_the_nearest():
    given = {"left": [[1, 2]], "right": [[1, 2]]}
    with pytest.raises(
        InputInvalid, match=r"expected the inputs left, right; did you mean 'left'\?; received"
    ) as caught:
        check_tensors({**given, "lefty": [1]}, PAIR)
    assert "an input 'lefty'" in str(caught.value)
    with pytest.raises(InputInvalid, match=r"expected the inputs left, right; received an input 'zzz"):
        check_tensors({**given, "zzz" * 10_000: [1]}, PAIR)


def test_inputs_of_different_numbers_of_rows_are_refused():
    with pytest.raises(InputInvalid, match=r"the same number of rows in every input; received {'left': 1, 'right': 2}"):
        check_tensors({"left": [[1, 2]], "right": [[1, 2], [3, 4]]}, PAIR)


def test_no_rows_are_refused():
    with pytest.raises(InputInvalid, match="expected at least one row; received none"):
        checked([])


def test_numbers_alone_are_an_array_of_their_own_kind():
    assert numeric_array([1, 2], "/pixels").dtype.kind == "i"
    assert numeric_array([[1, 2.5]], "/pixels").tolist() == [[1, 2.5]]
    with pytest.raises(InputInvalid, match="/pixels: expected numbers; received strings"):
        numeric_array(["1"], "/pixels")


TYPED = Signature(
    (TensorSpec("image", "float32", (None, 2, 2)), TensorSpec("name", "string", (None,))),
    (TensorSpec("y", "float32", (None, 1)),),
)


def typed(**changes):
    return {"name": np.array(["a", "b"], object), "image": np.zeros((2, 2, 2), np.float32), **changes}


def test_typed_arrays_are_taken_as_they_are_in_the_signatures_order():
    given = typed()
    checked = check_arrays(given, TYPED)
    assert list(checked) == ["image", "name"]
    assert all(checked[name] is given[name] for name in given)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"image": np.zeros((2, 4), np.int64)}, r"expected \[-1, 2, 2\] float32; received \[2, 4\] int64"),
        ({"image": np.zeros((2, 2, 2))}, r"expected \[-1, 2, 2\] float32; received \[2, 2, 2\] float64"),
        ({"name": np.zeros(2, np.int32)}, r"expected \[-1\] string; received \[2\] int32"),
        ({"name": np.array(["a"], object)}, "the same number of rows"),
        ({"image": np.zeros((0, 2, 2), np.float32), "name": np.array([], object)}, "at least one row"),
        ({"imgae": np.zeros(1)}, "did you mean 'image'"),
    ],
)
def test_a_typed_array_that_does_not_fit_is_refused_with_what_was_expected(changes, message):
    with pytest.raises(InputInvalid, match=message):
        check_arrays(typed(**changes), TYPED)


def test_a_typed_input_that_is_missing_is_named():
    with pytest.raises(InputInvalid, match="expected an input 'name'; received none of that name"):
        check_arrays({"image": np.zeros((2, 2, 2), np.float32)}, TYPED)
