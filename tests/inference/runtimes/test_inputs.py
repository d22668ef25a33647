"""What a batch must be like, and what is said of one that is not."""

import numpy as np
import pytest

from app.errors import InferenceFailed
from app.inference.runtimes.inputs import check_inputs
from app.types import TensorSpec

SPECS = (TensorSpec("values", "float32", (None, 3)), TensorSpec("texts", "string", (None,)))
RIGHT = {"values": np.zeros((2, 3), np.float32), "texts": np.array(["a", "b"], object)}


@pytest.mark.parametrize("texts", [RIGHT["texts"], np.array(["a", "b"]), np.array([b"a", b"b"])])
def test_the_signatures_inputs_pass_whatever_the_number_of_rows(texts):
    check_inputs(SPECS, {**RIGHT, "texts": texts})


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ({}, "expected the inputs values, texts; received none"),
        ({"values": RIGHT["values"]}, "expected the inputs values, texts; received values"),
        ({**RIGHT, "more": RIGHT["texts"]}, "received values, texts, more"),
        ({**RIGHT, "values": np.zeros((2, 3))}, "expected float32 for 'values'; received float64"),
        ({**RIGHT, "texts": np.zeros(2)}, "expected string for 'texts'; received float64"),
        ({**RIGHT, "values": np.zeros((2, 4), np.float32)}, r"expected the shape \[-1, 3\] for 'values'; .* \[2, 4\]"),
        ({**RIGHT, "values": np.zeros(3, np.float32)}, r"expected the shape \[-1, 3\] for 'values'; received \[3\]"),
    ],
)
def test_other_inputs_fail_and_say_what_was_expected(tensors, message):
    with pytest.raises(InferenceFailed, match=message):
        check_inputs(SPECS, tensors)
