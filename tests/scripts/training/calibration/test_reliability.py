import numpy as np
import pytest

from scripts.training.calibration.reliability import Bin, expected_calibration_error, reliability


def sure(*confidence):
    return np.array([[share, 1 - share] for share in confidence])


def test_bins_hold_rows_of_like_confidence_and_empty_ones_are_left_out():
    probabilities = sure(0.9, 0.91, 0.6, 1.0)
    bins = reliability(probabilities, np.array([0, 1, 0, 0]))
    assert bins == [
        Bin(1, pytest.approx(0.6), 1.0),
        Bin(2, pytest.approx(0.905), 0.5),
        Bin(1, pytest.approx(1.0), 1.0),
    ]


def test_the_error_is_the_mean_distance_weighted_by_rows():
    probabilities, targets = sure(0.9, 0.91, 0.6, 1.0), np.array([0, 1, 0, 0])
    assert expected_calibration_error(probabilities, targets) == pytest.approx((2 * 0.405 + 0.4) / 4)


def test_a_model_that_is_as_sure_as_it_is_right_has_no_error():
    targets = np.array([0, 0, 0, 1])
    assert expected_calibration_error(sure(0.75, 0.75, 0.75, 0.75), targets) == pytest.approx(0)
