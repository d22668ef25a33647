"""Tensors in, tensors out."""

import numpy as np

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
