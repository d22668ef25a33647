"""Gradients asked for with a batch: of what, and side by side with the output."""

import numpy as np

from app.inference.runtimes.gradients import ASKED, Aim, Aims, differentiable, packed, unpacked
from app.types import Signature, TensorSpec

SIGNATURE = Signature((), tuple(TensorSpec(name, "float32", (None, 5)) for name in "bca"))


def test_every_row_says_what_is_asked():
    tensors = {"x": np.zeros((3, 2), np.float32)}
    asked = Aim("b", 4, is_class=True).beside(tensors, SIGNATURE)
    assert asked["x"] is tensors["x"]
    assert (asked[ASKED].tolist(), asked[ASKED].dtype) == ([[1, 4, 1]] * 3, np.int32)
    aims = Aims.of(asked[ASKED], SIGNATURE)
    assert (aims.output, aims.elements.tolist(), aims.is_class) == ("b", [4, 4, 4], True)


def test_only_numbers_with_a_point_have_gradients():
    dtypes = ("float64", "int32", "float32", "bool", "string")
    signature = Signature(tuple(TensorSpec(dtype, dtype, (None,)) for dtype in dtypes), ())
    assert differentiable(signature) == ["float32", "float64"]


def test_what_is_packed_is_unpacked_in_the_inputs_shapes():
    values = np.arange(4.0).reshape(2, 2)
    left, scalar = np.arange(12.0).reshape(2, 2, 3), np.array([7.0, 8.0])
    found, gradients = unpacked(packed(values, [left, scalar]), {"left": (2, 3), "scalar": ()})
    assert np.array_equal(found, values)
    assert np.array_equal(gradients["left"], left)
    assert np.array_equal(gradients["scalar"], scalar)
