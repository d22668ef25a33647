"""Whether two runtimes say the same."""

import numpy as np
import pytest

from app.inference.calibration.agreement import TOLERANCE, difference


def y(*values: float, dtype: str = "float32") -> dict[str, np.ndarray]:
    """One output."""
    return {"y": np.array(values, dtype)}


def test_the_largest_difference_of_any_output_counts():
    expected = {"y": np.zeros((2, 2)), "z": np.zeros(3)}
    received = {"y": np.array([[0, 0.25], [0, 0]]), "z": np.array([0, 0, -0.5])}
    assert difference(expected, received) == 0.5
    assert difference(expected, expected) == 0


def test_outputs_beyond_1_differ_in_parts_of_the_largest():
    assert difference(y(1000, 1), y(1000.05, 1)) == pytest.approx(5e-5, rel=0.01)
    assert difference(y(1000, 1), y(1000.05, 1)) <= TOLERANCE < difference(y(1000, 1), y(1000.5, 1))


def test_whole_numbers_are_the_same_or_not():
    assert difference(y(5000, dtype="int64"), y(5001, dtype="int64")) == 1
    assert difference(y(True, dtype="bool"), y(False, dtype="bool")) == 1


def test_nan_and_infinity_agree_only_with_themselves():
    assert difference(y(np.nan, np.inf, 1), y(np.nan, np.inf, 1)) == 0
    for other in (y(0, np.inf, 1), y(np.nan, -np.inf, 1), y(np.nan, np.inf, np.nan)):
        assert difference(y(np.nan, np.inf, 1), other) == np.inf


def test_strings_are_the_same_or_not():
    words = {"y": np.array(["a", "b"], object)}
    assert difference(words, {"y": np.array(["a", "b"], object)}) == 0
    assert difference(words, {"y": np.array(["a", "c"], object)}) == np.inf


@pytest.mark.parametrize(
    "other", [{}, {"z": np.zeros(2)}, {"y": np.zeros((2, 1))}, {"y": np.zeros(2, "int32")}], ids=str
)
def test_another_name_shape_or_kind_is_infinitely_far(other):
    assert difference({"y": np.zeros(2)}, other) == np.inf


def test_outputs_without_a_number_agree():
    assert difference({"y": np.zeros((0, 2))}, {"y": np.zeros((0, 2))}) == 0
