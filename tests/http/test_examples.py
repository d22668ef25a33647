"""An example for every model, whatever its signature; test_openapi.py sends those of the tiny models."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.http.examples import examples_of
from app.types import Signature, TensorSpec


@pytest.mark.parametrize(
    ("dtype", "shape", "row"),
    [
        ("float32", (None,), 0),
        ("float32", (None, 2, 3), [[0, 0, 0], [0, 0, 0]]),
        ("int64", (None, None), [0]),
        ("string", (None, 1), [""]),
        ("bool", (None, 2), [False, False]),
    ],
)
def test_a_row_of_zeros_has_the_input_s_shape_with_one_for_any_size(dtype: str, shape: Any, row: Any) -> None:
    model = SimpleNamespace(
        manifest=SimpleNamespace(task="tensor"), signature=Signature((TensorSpec("x", dtype, shape),), ())
    )
    assert examples_of(model) == {"one row": {"value": {"inputs": {"x": [row]}}}}
