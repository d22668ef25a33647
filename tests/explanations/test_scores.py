"""What a class's score loses without the input's parts."""

import numpy as np
import pytest

from app.explanations.scores import Scores, probabilities_of


def test_drops_are_what_is_lost_without_each_part():
    scores = Scores(np.array([0.9, 0.5, 0.6, 0.95]))
    assert (scores.whole, scores.baseline) == (0.9, 0.5)
    assert scores.drops == pytest.approx([0.3, -0.05])


def test_log_odds_of_certain_probabilities_are_finite():
    assert Scores(np.array([1.0, 0.5, 0.0])).in_log_odds().of_rows == pytest.approx([16.118, 0, -16.118], abs=1e-3)


def test_one_number_a_row_is_the_second_classs_probability():
    output = np.array([[0.25], [1.0]], np.float32)
    assert probabilities_of(output).tolist() == [[0.75, 0.25], [0.0, 1.0]]
    assert probabilities_of(np.array([[0.25, 0.75]], np.float32)).tolist() == [[0.25, 0.75]]
