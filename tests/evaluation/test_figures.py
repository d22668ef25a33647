import pytest

from app.evaluation.figures import Share, figures_of
from app.evaluation.intervals import wilson


def test_the_figures_are_those_of_the_rows(judged_of):
    rows = judged_of([0, 0, 0, 1, 1, 1, 1], [0.1, 0.2, 0.6, 0.9, 0.8, 0.7, 0.3])
    figures = figures_of(rows)
    assert figures.rows == 7
    assert figures.accuracy == Share(5 / 7, *wilson(5, 7), 7)
    assert figures.confusion == ((2, 1), (1, 3))
    negative, positive = figures.per_label
    assert (negative.label, negative.rows, positive.label, positive.rows) == ("negative", 3, "positive", 4)
    assert (negative.precision, negative.recall, negative.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert (positive.precision, positive.recall, positive.f1) == pytest.approx((3 / 4, 3 / 4, 3 / 4))
    assert figures.macro_f1 == pytest.approx((2 / 3 + 3 / 4) / 2)
    assert (figures.neutral_share, figures.outside_neutral) == (0, figures.accuracy)


def test_outside_the_neutral_band_only_answers_that_take_a_side_count(judged_of):
    figures = figures_of(judged_of([1, 1, 0, 0], [0.9, 0.49, 0.1, 0.51], neutral=(1, 3)))
    assert figures.neutral_share == 0.5
    assert figures.accuracy.value == 0.5
    assert figures.outside_neutral == Share(1.0, *wilson(2, 2), 2)
    assert figures_of(judged_of([1, 0], [0.5, 0.5], neutral=(0, 1))).outside_neutral is None


def test_a_label_that_no_row_has_counts_for_nothing(judged_of):
    figures = figures_of(judged_of([1, 1], [0.9, 0.2]))
    assert figures.per_label[0].rows == 0
    assert (figures.per_label[0].precision, figures.per_label[0].recall, figures.per_label[0].f1) == (0, 0, 0)
    assert figures.macro_f1 == pytest.approx(2 / 3)
