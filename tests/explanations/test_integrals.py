"""What the gradients along a path sum up to."""

import numpy as np
import pytest

from app.errors import InferenceFailed, InputInvalid
from app.explanations.integrals import Integral
from app.explanations.paths import StraightPath
from app.explanations.targets import Target
from app.inference.runtimes.gradients import packed
from app.types import Signature, TensorSpec

SIGNATURE = Signature((TensorSpec("x", "float32", (None, 2)),), (TensorSpec("y", "float32", (None, 3)),))
PATH = StraightPath.of({"x": np.array([[2, -1]], np.float32)}, SIGNATURE, steps=4)
NUMBERS = Target("y", ())
CLASSES = Target("y", ("a", "b", "c"))


def test_numbers_of_any_size_are_told_with_their_digits():
    x = PATH.tensors["x"].astype(np.float64) * 1e-9
    values, gradients = np.hstack([x, x]), np.tile([0.0, 1e-9], (6, 1))
    told = Integral.of(PATH, NUMBERS, 3, packed(values, [gradients])).told(is_picture=False)
    assert {name: told[name] for name in ("score", "baseline", "sum", "difference", "explained", "output")} == {
        "score": -1e-9, "baseline": 0, "sum": -1e-9, "difference": -1e-9, "explained": 3, "output": "y"
    }  # fmt: skip
    assert told["contributions"] == {"x": [0, -1e-9]}
    assert "log_odds" not in told


def test_a_class_that_is_certain_all_along_has_shares_of_zero():
    values = np.tile([1.0, 1e-12, 1e-12], (6, 1))
    values[0, 1] = 1e-9
    told = Integral.of(PATH, CLASSES, 1, packed(values, [np.zeros((6, 2))])).told(is_picture=False)
    assert told["explained"] == "b"
    assert (told["log_odds"]["sum"], told["log_odds"]["difference"]) == (0, 0)
    assert told["contributions"] == told["log_odds_contributions"] == {"x": [0, 0]}


def test_a_score_that_changes_without_a_gradient_cannot_be_explained():
    values = np.arange(18.0).reshape(6, 3)
    with pytest.raises(InputInvalid, match="an output 'y' that depends smoothly on the inputs"):
        Integral.of(PATH, NUMBERS, 0, packed(values, [np.zeros((6, 2))]))


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_what_is_no_number_is_a_failure(wrong):
    gradients = np.ones((6, 2))
    gradients[4, 1] = wrong
    with pytest.raises(InferenceFailed, match="NaN or infinity"):
        Integral.of(PATH, NUMBERS, 0, packed(np.ones((6, 3)), [gradients]))
