import pytest

from app.evaluation.difference import difference_of
from app.evaluation.intervals import paired_difference


def test_the_rows_that_one_alone_has_right_make_the_difference(judged_of):
    targets = [1, 1, 1, 0, 0]
    first = judged_of(targets, [0.9, 0.1, 0.1, 0.1, 0.2])
    second = judged_of(targets, [0.9, 0.9, 0.9, 0.1, 0.7])
    gap = difference_of(first, second)
    assert (gap.only_first, gap.only_second) == (1, 2)
    assert gap.value == pytest.approx(0.2)
    assert (gap.low, gap.high) == paired_difference(1, 2, 5)
    assert gap.p_value == 1
    assert not gap.is_significant
    assert gap.differing == (1, 2, 4)


def test_the_same_model_twice_makes_none(judged_of):
    rows = judged_of([1, 0], [0.9, 0.9])
    gap = difference_of(rows, rows)
    assert (gap.value, gap.p_value, gap.differing) == (0, 1, ())


def test_many_rows_on_one_side_are_more_than_chance(judged_of):
    first, second = judged_of([1] * 12, [0.2] * 12), judged_of([1] * 12, [0.8] * 12)
    assert difference_of(first, second).is_significant
