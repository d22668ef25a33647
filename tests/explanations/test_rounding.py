"""Numbers as they are shown."""

import numpy as np

from app.explanations.rounding import rounded


def test_what_is_rounded_away_has_no_sign():
    assert str(rounded(np.array([-1e-9, 0.1234567]))) == "[0.0, 0.123457]"
    assert str(rounded(-1e-9)) == "0.0"


def test_decimals_can_be_chosen():
    assert rounded(np.array([[0.123456789]]), 8) == [[0.12345679]]
