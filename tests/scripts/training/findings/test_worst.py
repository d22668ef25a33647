import numpy as np

from app.evaluation.judged import Judged
from scripts.training.findings.worst import SHOWN, worst_errors


def judged(targets, positive):
    shares = np.column_stack([1 - np.array(positive), positive])
    return Judged(("n", "p"), np.array(targets), shares, np.zeros(len(targets), bool))


def test_the_surest_wrong_rows_of_all_sets_come_first_and_right_ones_never():
    found = worst_errors({"films": judged([0, 0, 1], [0.9, 0.1, 0.2]), "goods": judged([1], [0.05])})
    assert [(error["dataset"], error["row"], error["label"], error["predicted"]) for error in found] == [
        ("goods", 0, "p", "n"),
        ("films", 0, "n", "p"),
        ("films", 2, "p", "n"),
    ]
    assert [error["probability"] for error in found] == [0.95, 0.9, 0.8]


def test_no_more_than_25_are_listed():
    assert len(worst_errors({"films": judged([0] * 60, [0.9] * 60)})) == SHOWN == 25
