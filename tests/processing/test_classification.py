"""From probabilities to labels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.processing.classification import classify, classify_binary, rounded

SIDES = ("negative", "positive")


def test_the_likeliest_label_wins():
    result = classify(np.array([0.1, 0.7, 0.2], np.float32), ("a", "b", "c"))
    assert result == {"label": "b", "score": 0.7, "probabilities": {"a": 0.1, "b": 0.7, "c": 0.2}}


def test_of_equals_the_first_wins():
    assert classify(np.array([0.5, 0.5]), ("a", "b"))["label"] == "a"


def test_labels_that_do_not_fit_the_output_are_an_error():
    with pytest.raises(ValueError, match="zip"):
        classify(np.array([0.5, 0.5]), ("a", "b", "c"))


@pytest.mark.parametrize(
    ("positive", "label", "score"), [(0.9, "positive", 0.9), (0.2, "negative", 0.8), (0.5, "positive", 0.5)]
)
def test_a_sigmoid_output_has_two_sides(positive, label, score):
    result = classify_binary(positive, SIDES, None)
    assert (result["label"], result["score"]) == (label, score)
    assert sum(result["probabilities"].values()) == 1


@pytest.mark.parametrize(
    ("positive", "label"),
    [(0.45, "negative"), (0.450001, "neutral"), (0.5, "neutral"), (0.549999, "neutral"), (0.55, "positive")],
)
def test_inside_the_open_band_the_label_is_neutral(positive, label):
    result = classify_binary(positive, SIDES, (0.45, 0.55))
    assert result["label"] == label
    assert result["score"] == max(result["probabilities"].values())
    assert list(result["probabilities"]) == ["positive", "negative"]


def test_probabilities_are_shown_with_six_decimals():
    assert rounded(np.float32(1 / 3)) == 0.333333
    assert isinstance(rounded(np.float32(1)), float)


@given(st.floats(0, 1))
def test_both_sides_of_a_sigmoid_output_have_six_decimals_and_make_one(positive):
    sides = classify_binary(positive, SIDES, None)["probabilities"]
    assert all(side == round(side, 6) for side in sides.values())
    assert abs(sides["positive"] - positive) <= 5.001e-7
    assert round(sum(sides.values()), 9) == 1
