"""Tensors in, tensors out."""

import numpy as np
import pytest

from app.tasks.tensor import TensorTask
from app.types import Signature, TensorSpec

SIGNATURE = Signature(
    (TensorSpec("x", "float32", (None, 2)),),
    (TensorSpec("y", "float32", (None, 2)), TensorSpec("n", "int32", (None,))),
)


def test_the_tensors_of_a_request_pass_as_they_are():
    tensors = {"x": np.ones((3, 2), np.float32)}
    assert TensorTask(SIGNATURE).preprocess([tensors]).groups == (tensors,)


def test_outputs_come_row_by_row_in_the_models_order():
    outputs = {"n": np.array([1, 2], np.int32), "y": np.array([[1, 2], [3, 4]], np.float32), "other": np.zeros(2)}
    rows = TensorTask(SIGNATURE).postprocess(outputs)
    assert rows == [{"outputs": {"y": [1, 2], "n": 1}}, {"outputs": {"y": [3, 4], "n": 2}}]
    assert list(rows[0]["outputs"]) == ["y", "n"]


SCORED = Signature(
    (TensorSpec("x", "float32", (None, 2)),),
    (TensorSpec("seen", "float32", (None, 2)), TensorSpec("shares", "float32", (None, 3))),
)


def test_a_labelled_model_gives_each_rows_class_beside_its_outputs():
    task = TensorTask(SCORED, ("rose", "tulip", "daisy"))
    shares = np.array([[0.25, 0.5, 0.25], [1, 0, 0]], np.float32)
    first, second = task.postprocess({"seen": np.zeros((2, 2), np.float32), "shares": shares})
    assert first == {
        "label": "tulip",
        "score": 0.5,
        "probabilities": {"rose": 0.25, "tulip": 0.5, "daisy": 0.25},
        "outputs": {"seen": [0, 0], "shares": [0.25, 0.5, 0.25]},
    }
    assert (second["label"], task.label_key) == ("rose", "label")


def test_one_probability_is_that_of_the_second_of_two_labels():
    signature = Signature(SCORED.inputs, (TensorSpec("p", "float32", (None, 1)),))
    (row,) = TensorTask(signature, ("ham", "spam")).postprocess({"p": np.array([[0.75]], np.float32)})
    assert (row["label"], row["score"], row["probabilities"]) == ("spam", 0.75, {"spam": 0.75, "ham": 0.25})


@pytest.mark.parametrize("labels", [(), ("one",), ("a", "b", "c", "d")])
def test_labels_that_name_no_output_change_nothing(labels):
    task = TensorTask(SCORED, labels)
    (row,) = task.postprocess({"seen": np.zeros((1, 2)), "shares": np.zeros((1, 3))})
    assert (list(row), task.label_key) == (["outputs"], None)
