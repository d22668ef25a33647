"""Classes instead of numbers: value, place and label, the largest first."""

import numpy as np
import pytest

from app.errors import InputInvalid
from app.wire.oip_classification import classes_of


def test_the_largest_values_come_first_with_their_labels() -> None:
    classes = classes_of(np.array([[0.25, 0.75], [1.0, 0.0]], np.float32), 2, ("bad", "good"), "/outputs/p")
    assert classes.tolist() == [["0.750000:1:good", "0.250000:0:bad"], ["1.000000:0:bad", "0.000000:1:good"]]


def test_without_labels_for_every_place_there_are_none() -> None:
    assert classes_of(np.array([[1, 3, 2]]), 1, ("bad", "good"), "").tolist() == [["3.000000:1"]]


def test_more_classes_than_there_are_give_all_of_them() -> None:
    assert classes_of(np.array([2.0]), 5, (), "").tolist() == [["2.000000:0"]]


def test_no_rows_have_no_classes() -> None:
    assert classes_of(np.zeros((0, 3)), 2, (), "").shape == (0, 2)


@pytest.mark.parametrize(("array", "count"), [(np.array(["a"], object), 1), (np.array([1.0]), 0)])
def test_strings_and_no_classes_are_refused(array: np.ndarray, count: int) -> None:
    with pytest.raises(InputInvalid, match="/outputs/p"):
        classes_of(array, count, (), "/outputs/p")
