"""Percentiles in bounded memory."""

import random

import pytest

from app.bench.histogram import BUFFER, Histogram


def filled(values):
    histogram = Histogram()
    for value in values:
        histogram.record(value)
    return histogram


def test_percentiles_are_within_a_thousandth_above_the_exact_ones():
    numbers = random.Random(1)
    values = sorted(numbers.lognormvariate(-5, 2) for _ in range(3 * BUFFER + 7))
    histogram = filled(values)
    for percent in (1, 50, 90, 99, 99.9, 99.99):
        exact = values[max(int(-(-percent * len(values) // 100)) - 1, 0)]
        assert exact * (1 - 1e-9) <= histogram.percentile(percent) <= exact * 1.0011


def test_count_mean_and_longest_are_exact():
    histogram = filled([0.001, 0.002, 0.006])
    assert (histogram.count, histogram.highest, histogram.percentile(100)) == (3, 0.006, 0.006)
    assert histogram.mean == pytest.approx(0.003)


def test_two_histograms_add_up():
    one, other = filled([0.001] * 99), filled([5.0])
    one.merge(other)
    assert (one.count, one.highest) == (100, 5.0)
    assert one.percentile(99) == pytest.approx(0.001, rel=2e-3)


def test_without_values_everything_is_zero():
    empty = Histogram()
    assert (empty.count, empty.mean, empty.highest, empty.percentile(99)) == (0, 0.0, 0.0, 0.0)


def test_values_beyond_the_scale_stand_in_its_end_bins():
    histogram = filled([0.0, 1e9])
    assert histogram.count == 2
    assert histogram.percentile(50) == pytest.approx(1e-6)
    assert histogram.highest == 1e9
