import numpy as np
import pytest

from scripts.training.calibration.band import WIDEST, choose_band

# Rows of growing certainty: the unsure half is a coin's toss, the sure half is right.
POSITIVE = np.linspace(0.5, 0.99, 200)
TARGETS = np.where(POSITIVE < 0.745, np.arange(200) % 2, 1)


def test_the_band_is_the_narrowest_outside_which_the_wish_holds():
    band = choose_band(POSITIVE, TARGETS, 0.999, 0.6)
    assert (band.low, band.high) == (0.255, 0.745)
    assert band.accuracy_outside == 1.0
    assert band.share == pytest.approx(0.5, abs=0.02)


def test_no_band_is_needed_where_all_answers_are_good_enough():
    band = choose_band(POSITIVE, np.ones(200), 0.9, 0.6)
    assert (band.low, band.high, band.share) == (0.5, 0.5, 0.0)


def test_the_band_holds_no_more_than_the_largest_share():
    band = choose_band(POSITIVE, TARGETS, 0.999, 0.1)
    assert 0.08 < band.share <= 0.1
    assert band.accuracy_outside < 0.999


def test_a_wish_that_cannot_be_met_gives_the_widest_band_that_is_allowed():
    assert choose_band(POSITIVE, np.zeros(200), 0.999, 0.99).high == 0.5 + WIDEST
