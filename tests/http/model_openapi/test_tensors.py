"""A tensor's schema takes what the server takes, and nothing else."""

from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from app.errors import InputInvalid
from app.http.model_openapi.tensors import flat_schema, row_schema, rows_schema, shape_schema, value_schema
from app.types import Signature, TensorSpec
from app.validation import check_tensors


def fits(schema: dict[str, Any], value: Any) -> bool:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema).is_valid(value)


# What is written for the largest float32 and float16, and what is rounded to infinity.
EDGES = (3.4028235e38, 3.4028235677973362e38, 3.4028235677973366e38, 65_504, 65_519.9, 65_520)
VALUES: tuple[Any, ...] = (
    0,
    -1,
    1.5,
    255,
    256,
    65_505,
    2**31,
    2**63,
    *EDGES,
    1e39,
    1e308,
    True,
    "",
    "text",
    None,
    [],
    {},
)


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize(
    "dtype", ["bool", "string", "uint8", "int32", "uint64", "int64", "float16", "float32", "float64"]
)
def test_a_value_is_valid_where_the_server_accepts_it(dtype: str, value: Any) -> None:
    spec = TensorSpec("x", dtype, (None,))
    try:
        check_tensors({"x": [value]}, Signature((spec,), ()))
    except InputInvalid:
        assert not fits(value_schema(dtype), value)
    else:
        assert fits(value_schema(dtype), value)


@pytest.mark.parametrize(
    ("shape", "rows"),
    [
        ((None,), [1, 2]),
        ((None, 2), [[1, 2]]),
        ((None, 2, 3), [[[1, 2, 3]] * 2] * 4),
        ((None, None), [[1], [2]]),
        ((None, None, 2), [[[1, 2]] * 3]),
    ],
)
def test_rows_have_the_inner_lengths_of_the_model(shape: tuple[int | None, ...], rows: Any) -> None:
    spec = TensorSpec("x", "int32", shape)
    assert fits(rows_schema(spec), rows)
    assert fits(row_schema(spec), rows[0])
    assert fits(shape_schema(spec), list(np.shape(rows)))
    assert fits(flat_schema(spec), np.ravel(rows).tolist())
    assert not fits(rows_schema(spec), [])
    assert not fits(rows_schema(spec), [rows])
    assert not fits(shape_schema(spec), [*np.shape(rows), 1])


def test_other_inner_lengths_than_the_models_are_not_valid() -> None:
    spec = TensorSpec("x", "float32", (None, 2, 3))
    assert not fits(rows_schema(spec), [[[1, 2, 3]]])
    assert not fits(rows_schema(spec), [[[1, 2], [3, 4]]])
    assert not fits(shape_schema(spec), [1, 3, 2])
    assert not fits(shape_schema(spec), [0, 2, 3])
    assert not fits(flat_schema(spec), [1, 2, 3, 4, 5])
