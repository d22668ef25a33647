"""What a class's score loses without the input's parts."""

import numpy as np
import pytest

from app.explanations.scores import Scores, probabilities_of, scores_of


def test_drops_are_what_is_lost_without_each_part():
    scores = Scores(np.array([0.9, 0.5, 0.6, 0.95]))
    assert (scores.whole, scores.baseline) == (0.9, 0.5)
    assert scores.drops == pytest.approx([0.3, -0.05])


def test_log_odds_of_certain_probabilities_are_finite():
    scores, log_odds = scores_of(np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]]), 0)
    assert scores.of_rows.tolist() == [1, 0.5, 0]
    assert log_odds.of_rows == pytest.approx([16.118, 0, -16.118], abs=1e-3)


def test_log_odds_tell_probabilities_near_1_apart_by_the_others():
    probabilities = np.array([[1.0, 2e-6, 1e-6], [1.0, 1e-6, 5e-7], [0.25, 0.5, 0.25]])
    _, log_odds = scores_of(probabilities, 0)
    assert log_odds.of_rows == pytest.approx(np.log([1 / 3e-6, 1 / 1.5e-6, 1 / 3]))


def test_scores_are_shown_with_as_many_decimals_as_they_have():
    assert Scores(np.array([0.7, 0.1])).added_up(0.61234567) == {
        "score": 0.7,
        "baseline": 0.1,
        "sum": 0.612346,
        "difference": 0.6,
    }
    assert Scores(np.array([1.5e-9, 0.0]), 12).added_up(1e-9)["sum"] == 1e-9


def test_one_number_a_row_is_the_second_classs_probability():
    output = np.array([[0.25], [1.0]], np.float32)
    assert probabilities_of(output).tolist() == [[0.75, 0.25], [0.0, 1.0]]
    assert probabilities_of(np.array([[0.25, 0.75]], np.float32)).tolist() == [[0.25, 0.75]]
