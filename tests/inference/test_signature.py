"""Whether a model takes and gives what it should; tests/lifecycle/test_loading.py has the rest, with real models."""

import pytest

from app.errors import ModelInvalid
from app.inference.signature import check_signature
from app.types import Signature, TensorSpec


def one(name: str = "x", dtype: str = "float32", shape: tuple[int | None, ...] = (None, 2)) -> Signature:
    """A signature of one input and one output."""
    return Signature((TensorSpec(name, dtype, shape),), (TensorSpec("y", "float32", (None, 1)),))


@pytest.mark.parametrize("dtype", ["bfloat16", "resource", "seq(tensor(float))"])
def test_a_model_of_a_dtype_that_no_request_could_bring_is_refused(dtype):
    with pytest.raises(ModelInvalid, match=r"expected an input of one of float32, .*; received x"):
        check_signature(None, one(dtype=dtype))


def test_the_order_of_the_inputs_and_a_size_left_open_are_no_difference():
    left, right = TensorSpec("a", "int32", (None, 3)), TensorSpec("b", "int32", (None, 3))
    free = TensorSpec("a", "int32", (None, None))
    check_signature(Signature((left, right), ()), Signature((right, free), ()))


@pytest.mark.parametrize("other", [one("z"), one(dtype="int32"), one(shape=(None, 3)), one(shape=(None,))], ids=str)
def test_another_name_dtype_or_shape_is_a_difference(other):
    with pytest.raises(ModelInvalid, match=r"promises the inputs x float32 \[-1, 2\]; the model has"):
        check_signature(one(), other)
