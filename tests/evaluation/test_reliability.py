import math

import numpy as np
import pytest

from app.evaluation.reliability import Bin, expected_calibration_error, log_loss, reliability


def two(*positive):
    return np.column_stack([1 - np.array(positive), np.array(positive)])


def test_rows_are_binned_by_how_sure_the_answer_is():
    first, second = reliability(two(0.52, 0.53, 0.99, 0.01), np.array([1, 0, 1, 1]))
    assert (first.rows, first.accuracy) == (2, 0.5)
    assert first.confidence == pytest.approx(0.525)
    assert second == Bin(2, pytest.approx(0.99), 0.5)


def test_a_model_that_is_as_sure_as_it_is_right_has_no_calibration_error():
    assert expected_calibration_error(two(*[0.75] * 4), np.array([1, 1, 1, 0])) == pytest.approx(0)


def test_the_calibration_error_is_the_mean_distance():
    assert expected_calibration_error(two(0.9, 0.9, 0.6, 0.6), np.array([1, 1, 0, 1])) == pytest.approx(0.1)


def test_a_certain_answer_falls_into_the_last_bin():
    assert reliability(two(1.0), np.array([1])) == [Bin(1, 1.0, 1.0)]


def test_the_log_loss_is_the_mean_surprise_and_bounded():
    assert log_loss(two(0.5, 0.25), np.array([1, 0])) == pytest.approx((math.log(2) - math.log(0.75)) / 2)
    assert log_loss(two(0.0), np.array([1])) == pytest.approx(-math.log(1e-6))
