import numpy as np
import pytest

from app.conversion.servable import Sample, ask_sample, read_signature
from app.errors import InferenceFailed, ModelInvalid
from app.inference.runtimes.fake import FakeRuntime
from app.types import Signature, TensorSpec

X = TensorSpec("x", "float32", (None, 2))
Y = TensorSpec("y", "float32", (None, 2))


def test_a_signature_that_can_be_served_is_read(tmp_path):
    signature = Signature((X,), (Y,))
    assert read_signature(FakeRuntime(signature, dict), tmp_path) == signature


@pytest.mark.parametrize(
    ("inputs", "outputs", "message"),
    [
        ((TensorSpec("x", "float32", (1, 2)),), (Y,), r"free dimension of 'x'; received x float32 \[1, 2\]; export it"),
        ((TensorSpec("x", "complex64", (None,)),), (Y,), "received x complex64"),
        ((X,), (TensorSpec("y", "bfloat16", (None,)),), "'y' is bfloat16; convert it in the model, or leave it out"),
        ((), (Y,), "expected inputs and outputs; the model has 0 and 1"),
        ((X,), (), "expected inputs and outputs; the model has 1 and 0"),
    ],
)
def test_what_cannot_be_served_says_why(tmp_path, inputs, outputs, message):
    with pytest.raises(ModelInvalid, match=message):
        read_signature(FakeRuntime(Signature(inputs, outputs), dict), tmp_path)


def test_every_output_has_a_row_for_each_row():
    sample = ask_sample(Signature((X,), (Y,)), lambda rows: {"y": rows["x"]})
    assert sample.rows["x"].shape == sample.outputs["y"].shape == (64, 2)
    with pytest.raises(ModelInvalid, match=r"first dimension of the output 'y'.*received \[\]; leave it out"):
        ask_sample(Signature((X,), (Y,)), lambda rows: {"y": rows["x"].sum()})


@pytest.mark.parametrize(
    "error", [InferenceFailed("too short"), ValueError("too short")], ids=["ours", "the library's"]
)
def test_a_model_that_fails_on_rows_of_its_own_signature_is_refused(error):
    def fail(_rows):
        raise error

    with pytest.raises(ModelInvalid, match=r"random x float32 \[2\]\).*too short; export it with sizes"):
        ask_sample(Signature((X,), (Y,)), fail)


def test_probabilities_are_told_from_other_numbers():
    outputs = {
        "shares": np.array([[0.25, 0.75], [1, 0]], np.float32),
        "one": np.array([[0.1], [0.9]], np.float32),
        "logits": np.array([[3, -3], [0, 1]], np.float32),
        "several": np.array([[0.9, 0.9], [0.5, 0.5]], np.float32),
        "nan": np.full((2, 2), np.nan, np.float32),
        "whole": np.array([[0, 1], [1, 0]], np.int32),
        "flat": np.array([0.5, 0.5], np.float32),
    }
    assert Sample({}, outputs).probabilities() == ("shares", "one")
