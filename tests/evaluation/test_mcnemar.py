from math import comb

import pytest

from app.evaluation.mcnemar import exact_p_value


@pytest.mark.parametrize(("first", "second"), [(1, 5), (0, 6), (3, 4), (12, 30), (150, 200)])
def test_the_p_value_is_that_of_a_fair_coin(first, second):
    rows = first + second
    expected = 2 * sum(comb(rows, count) for count in range(min(first, second) + 1)) / 2**rows
    assert exact_p_value(first, second) == pytest.approx(min(1, expected))
    assert exact_p_value(second, first) == pytest.approx(min(1, expected))


def test_equal_sides_are_no_evidence():
    assert exact_p_value(0, 0) == 1
    assert exact_p_value(7, 7) == 1


def test_very_many_rows_are_no_trouble():
    assert exact_p_value(49_000, 51_000) == pytest.approx(2.6e-10, rel=0.05)
