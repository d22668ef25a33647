import math

import pytest

from app.evaluation.intervals import paired_difference, wilson


def test_wilsons_interval_is_that_of_the_literature():
    # Newcombe, Statistics in Medicine 17 (1998), 857–872, table I: 81 of 263.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_a_share_of_none_or_all_has_an_interval_inside_0_and_1():
    low, high = wilson(0, 20)
    assert low == pytest.approx(0)
    assert 0 < high < 0.2
    assert wilson(20, 20) == pytest.approx((1 - high, 1))


def test_the_difference_of_pairs_has_agresti_and_mins_interval():
    low, high = paired_difference(10, 30, 200)
    middle, spread = (30.5 - 10.5) / 202, 1.959964 * math.sqrt(41 - 20**2 / 202) / 202
    assert (low, high) == pytest.approx((middle - spread, middle + spread))


def test_it_turns_around_with_the_sides():
    low, high = paired_difference(4, 9, 50)
    assert paired_difference(9, 4, 50) == pytest.approx((-high, -low))


def test_it_stays_inside_minus_1_and_1_and_holds_0_where_nothing_differs():
    assert paired_difference(0, 1, 1)[1] <= 1
    low, high = paired_difference(0, 0, 100)
    assert low == pytest.approx(-high)
