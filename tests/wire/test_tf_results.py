"""Outputs as classes and numbers, where a model means that by them."""

import numpy as np
import pytest

from app.errors import InputInvalid
from app.wire.tf_results import classifications_of, regressions_of

LABELS = ("bad", "good")


def test_one_output_of_scores_is_named_by_the_models_labels() -> None:
    assert classifications_of({"p": np.array([[0.25, 0.75]])}, LABELS) == [[("bad", 0.25), ("good", 0.75)]]


def test_one_score_for_two_labels_is_that_of_the_second() -> None:
    assert classifications_of({"p": np.array([[0.75]])}, LABELS) == [[("bad", 0.25), ("good", 0.75)]]


def test_scores_that_no_label_names_have_none() -> None:
    assert classifications_of({"p": np.array([[1.0, 2.0, 3.0]])}, LABELS) == [[("", 1.0), ("", 2.0), ("", 3.0)]]


def test_a_classifiers_own_outputs_go_before_the_labels() -> None:
    outputs = {"classes": np.array([["a", b"b"]], object), "scores": np.array([[0.5, 0.25]]), "more": np.zeros(1)}
    assert classifications_of(outputs, LABELS) == [[("a", 0.5), ("b", 0.25)]]
    assert classifications_of({"classes": outputs["classes"]}, ()) == [[("a", 0.0), ("b", 0.0)]]


@pytest.mark.parametrize(
    "outputs",
    [{"p": np.zeros(2)}, {"p": np.zeros((1, 2)), "q": np.zeros(1)}, {"p": np.zeros((1, 2), np.int32)}],
)
def test_other_outputs_are_no_classifiers(outputs: dict[str, np.ndarray]) -> None:
    with pytest.raises(InputInvalid, match="ask Predict"):
        classifications_of(outputs, LABELS)


def test_a_regressors_output_is_a_number_per_row() -> None:
    assert regressions_of({"y": np.array([[1.5], [2.5]])}) == [1.5, 2.5]
    assert regressions_of({"outputs": np.array([1.5]), "more": np.zeros((1, 9))}) == [1.5]


@pytest.mark.parametrize("array", [np.zeros((1, 2)), np.zeros((1, 1), np.int64)])
def test_other_outputs_are_no_regressors(array: np.ndarray) -> None:
    with pytest.raises(InputInvalid, match="ask Predict"):
        regressions_of({"y": array})
