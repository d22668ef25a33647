"""The straight path from nothing to an input."""

import numpy as np
import pytest

from app.errors import InputInvalid
from app.explanations.paths import MOST_NUMBERS, StraightPath
from app.types import Signature, TensorSpec

SIGNATURE = Signature(
    (TensorSpec("x", "float32", (None, 2)), TensorSpec("count", "int32", (None,)), TensorSpec("y", "float64", (None,))),
    (TensorSpec("sum", "float32", (None,)),),
)
WHOLE = {"x": np.array([[4, -8]], np.float32), "count": np.array([3], np.int32), "y": np.array([1.0])}


def test_rows_are_the_input_nothing_and_the_middle_of_each_step():
    path = StraightPath.of(WHOLE, SIGNATURE, steps=2)
    assert path.tensors["x"].tolist() == [[4, -8], [0, 0], [1, -2], [3, -6]]
    assert path.tensors["y"].tolist() == [1, 0, 0.25, 0.75]
    assert {name: array.dtype for name, array in path.tensors.items()} == {
        name: array.dtype for name, array in WHOLE.items()
    }


def test_whole_numbers_stay_as_they_are():
    path = StraightPath.of(WHOLE, SIGNATURE, steps=3)
    assert path.tensors["count"].tolist() == [3] * 5
    assert path.scaled == ("x", "y")


def test_shares_of_a_quadratic_function_sum_to_what_it_grows_by():
    path = StraightPath.of(WHOLE, SIGNATURE, steps=5)
    gradients = {"x": 2 * path.tensors["x"], "y": np.full(7, 10.0)}
    shares = path.contributions(gradients, np.ones(7))
    assert shares["x"] == pytest.approx([16, 64])
    assert shares["y"] == pytest.approx(10)


def test_the_ends_of_the_path_have_no_part_in_the_sum():
    path = StraightPath.of(WHOLE, SIGNATURE, steps=4)
    gradients = {"x": np.ones((6, 2)), "y": np.ones(6)}
    gradients["x"][:2] = gradients["y"][:2] = 1e6
    slopes = np.array([1e6, 1e6, 2, 2, 2, 2])
    assert path.contributions(gradients, slopes)["x"] == pytest.approx([8, -16])


def test_a_path_that_would_fill_the_memory_is_refused():
    whole = {"x": np.zeros((1, MOST_NUMBERS // 10 + 1), np.float32)}
    signature = Signature((TensorSpec("x", "float32", (None, None)),), SIGNATURE.outputs)
    with pytest.raises(InputInvalid, match=r"at most 16,777,216 numbers on the whole path; ask for fewer \?steps"):
        StraightPath.of(whole, signature, steps=8)
