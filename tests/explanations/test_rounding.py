"""Numbers as they are shown."""

import numpy as np

from app.explanations.rounding import decimals_of, rounded


def test_what_is_rounded_away_has_no_sign():
    assert str(rounded(np.array([-1e-9, 0.1234567]))) == "[0.0, 0.123457]"
    assert str(rounded(-1e-9)) == "0.0"


def test_decimals_can_be_chosen():
    assert rounded(np.array([[0.123456789]]), 8) == [[0.12345679]]


def test_numbers_of_any_size_keep_their_digits():
    for largest, expected in ((0.0, 8), (3.0, 7), (123456.0, 2), (2e-9, 16), (5e12, -5)):
        assert decimals_of(np.array([largest / 2, -largest])) == expected
    assert decimals_of(np.zeros(0)) == 8
    assert rounded(np.array([1.23456789e12]), decimals_of(np.array([1.23456789e12]))) == [1.2345679e12]
