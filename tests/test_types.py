"""The vocabulary."""

import dataclasses

import numpy as np
import pytest

from app.types import Answer, Signature, TensorSpec, Timing, rows_of


@pytest.mark.parametrize(
    "value", [TensorSpec("x", "float32", (None,)), Signature((), ()), Timing(), Answer("m", 1, [])]
)
def test_the_values_are_frozen(value):
    name = value._fields[0] if isinstance(value, tuple) else dataclasses.fields(value)[0].name
    with pytest.raises(AttributeError):  # of which dataclasses.FrozenInstanceError is one
        setattr(value, name, None)


def test_the_rows_are_the_first_dimension_of_every_tensor():
    rows = rows_of({"x": np.zeros((3, 2)), "y": np.zeros(3)})
    assert rows == 3
    assert type(rows) is int


def test_an_answer_without_timing_took_no_time():
    assert Answer("m", 1, []).timing == Timing(0, 0, 0, 0)
