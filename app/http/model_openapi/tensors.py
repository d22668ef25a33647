"""Tensors as JSON Schema: nested lists of fixed inner lengths, and what a number of each dtype may be."""

import math
from typing import Any

import numpy as np

from app.types import TensorSpec

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
"""A string, where a protocol does not have other forms for it."""


def value_schema(dtype: str, text: Schema = TEXT) -> Schema:
    """One value of a dtype, with the range that the server accepts; a string is as `text` says."""
    if dtype == "string":
        return text
    kind = np.dtype(dtype).kind
    if kind == "b":
        return {"type": "boolean"}
    if kind in "iu":
        whole = np.iinfo(dtype)
        return {"type": "integer", "minimum": int(whole.min), "maximum": int(whole.max)}
    limit = _largest(np.finfo(dtype))
    return {"type": "number", "minimum": -limit, "maximum": limit}


def row_schema(spec: TensorSpec, text: Schema = TEXT) -> Schema:
    """One row of a tensor as nested lists; a size that the model leaves open has no bounds."""
    schema = value_schema(spec.dtype, text)
    for size in reversed(spec.shape[1:]):
        bounds = {} if size is None else {"minItems": size, "maxItems": size}
        schema = {"type": "array", "items": schema, **bounds}
    return schema


def rows_schema(spec: TensorSpec, text: Schema = TEXT) -> Schema:
    """A tensor as nested lists, at least one row."""
    return {"type": "array", "items": row_schema(spec, text), "minItems": 1}


def flat_schema(spec: TensorSpec) -> Schema:
    """A tensor's values in one list, row by row: at least those of one row."""
    least = math.prod(1 if size is None else size for size in spec.shape[1:])
    return {"type": "array", "items": value_schema(spec.dtype), "minItems": 0 if None in spec.shape[1:] else least}


def shape_schema(spec: TensorSpec) -> Schema:
    """The shape that a request may say that a tensor has: at least one row, and the model's own sizes."""
    sizes: list[Schema] = [{"type": "integer", "minimum": 1}]
    sizes += [{"type": "integer", "minimum": 0} if size is None else {"const": size} for size in spec.shape[1:]]
    return {"type": "array", "prefixItems": sizes, "minItems": len(sizes), "maxItems": len(sizes)}


def _largest(kind: "np.finfo[Any]") -> float:
    """The largest number that is not rounded to infinity."""
    half_a_step = 2.0 ** (kind.maxexp - kind.nmant - 2)
    return float(np.nextafter(float(kind.max) + half_a_step, 0))
