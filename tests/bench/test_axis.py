"""Axes."""

import pytest

from app.bench.axis import linear_axis, log_axis, percentile_axis


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (1012.0, ["0", "500", "1,000", "1,500"]),
        (5.0, ["0", "1", "2", "3", "4", "5"]),
        (0.0, ["0"]),
    ],
)
def test_a_linear_axis_ends_at_a_round_number(highest, ticks):
    axis = linear_axis("x", highest)
    assert [text for _, text in axis.ticks][: len(ticks)] == ticks
    assert axis.place(0.0) == 0.0
    assert 0.5 < axis.place(highest) <= 1.0 or highest == 0.0


def test_a_logarithmic_axis_lies_around_its_values():
    axis = log_axis("ms", 0.7, 350.0)
    assert [text for _, text in axis.ticks] == ["1", "10", "100"]
    assert axis.place(0.5) == pytest.approx(0.0)
    assert axis.place(500.0) == pytest.approx(1.0)
    assert axis.place(1e-9) == 0.0
    assert 0 < axis.place(0.7) < axis.place(350.0) < 1


def test_a_short_logarithmic_axis_has_finer_ticks():
    assert [text for _, text in log_axis("ms", 1.5, 9.0).ticks] == ["1", "2", "5", "10"]


def test_one_value_alone_has_room_on_both_sides():
    assert 0 < log_axis("ms", 2.0, 2.0).place(2.0) < 1


def test_ninety_and_ninety_nine_stand_as_far_apart_as_the_next_nine():
    axis = percentile_axis("x", 99.9)
    assert [text for _, text in axis.ticks] == ["0 %", "50 %", "90 %", "99 %", "99.9 %"]
    assert [axis.place(percent) for percent in (0, 90, 99, 99.9)] == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_percentiles_that_too_few_requests_can_tell_have_no_tick():
    assert [text for _, text in percentile_axis("x", 98.0).ticks] == ["0 %", "50 %", "90 %"]
