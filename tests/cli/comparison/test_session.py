import dataclasses

import pytest

from app.cli.comparison import session
from app.cli.comparison.session import run_comparison
from app.cli.evaluation.asking import ask_all
from app.cli.evaluation.rows import Wanted
from app.errors import ModelInvalid, ModelNotFound


def test_both_are_judged_on_the_same_rows(comparison):
    first, second = comparison.sides
    assert (first.name, second.name) == ("sentiment/1", "sentiment/2")
    assert (first.figures.accuracy.value, second.figures.accuracy.value) == (0.75, 0.25)
    assert first.judged.labels == second.judged.labels == ("negative", "positive")
    assert (comparison.asked_rows, comparison.is_whole, comparison.problems) == (4, True, ())


def test_the_difference_is_that_of_the_pairs(comparison):
    gap = comparison.difference
    assert (gap.value, gap.only_first, gap.only_second) == (-0.5, 3, 1)
    assert gap.p_value == pytest.approx(0.625)
    assert gap.differing == (0, 1, 2, 3)


def test_what_a_row_costs_is_measured_in_batches_and_alone(comparison):
    for side in comparison.sides:
        assert side.seconds_per_row > 0
        assert side.seconds_alone > 0


def test_models_of_other_labels_are_not_compared(tiny_models, reviews):
    with pytest.raises(ModelInvalid, match=r"the same labels; sentiment/1 has negative, positive, topic/1 has World"):
        run_comparison(tiny_models, ("sentiment", "topic"), Wanted(reviews), None)
    with pytest.raises(ModelInvalid, match="the same labels"):
        run_comparison(tiny_models, ("sentiment", "digit"), Wanted(reviews), None)


def test_an_unknown_version_is_an_error(two_versions, reviews):
    with pytest.raises(ModelNotFound, match="sentiment has no version 3; there are: 2, 1"):
        run_comparison(two_versions, ("sentiment/1", "sentiment/3"), Wanted(reviews), None)


def test_an_interrupted_run_compares_the_rows_until_then(two_versions, reviews, monkeypatch):
    def interrupted(models, labelled):
        whole = ask_all(models, labelled)
        kept = tuple(told[:2] for told in whole.predictions)
        return dataclasses.replace(whole, rows=(0, 1), predictions=kept, is_whole=False)

    monkeypatch.setattr(session, "ask_all", interrupted)
    found = run_comparison(two_versions, ("sentiment/1", "sentiment"), Wanted(reviews), None)
    assert (found.places, found.is_whole) == (["d/reviews.csv:2", "d/reviews.csv:3"], False)
