"""What stands in a cell as an input, or a part of one; every function raises `RowInvalid` where it is none."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.labelled.errors import RowInvalid
from app.processing.mnist import SIDE
from app.types import Array, TensorSpec

BRIGHTEST = 255


def text_in(value: Any, name: str) -> str:
    """A text."""
    if isinstance(value, str):
        return value
    raise RowInvalid(f"expected a text in {name!r}; received {_kind(value)}")


def picture_in(value: Any, name: str, folder: Path) -> Any:
    """A picture: a path from `folder`, a file's bytes (also as data sets keep them, with a path), or pixels."""
    if isinstance(value, Mapping):
        value = value.get("bytes") or value.get("path")
    if isinstance(value, bytes):
        return value
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = _json(value, name)
    if isinstance(value, list):
        return pixels_in(value)
    if isinstance(value, str) and value.strip():
        return folder / value.strip()
    raise RowInvalid(f"expected a picture's path, bytes or pixels in {name!r}; received {_kind(value)}")


def pixels_in(values: Sequence[Any]) -> Array:
    """Grey levels (28, 28) float32, ink high, from 0 to 1 or to 255."""
    try:
        levels = np.asarray(values, np.float32).reshape(SIDE, SIDE)
    except (ValueError, TypeError):
        raise RowInvalid(f"expected {SIDE}×{SIDE} numbers for pixels; received something else") from None
    if not (levels.min() >= 0 and levels.max() <= BRIGHTEST):
        raise RowInvalid(f"expected pixels from 0 to 1, or 0 to {BRIGHTEST}; received others")
    return levels


def tensor_in(value: Any, name: str, spec: TensorSpec) -> Any:
    """A row of a tensor as nested lists; a text is read as JSON unless strings are wanted."""
    is_wanted = spec.dtype == "string" and len(spec.shape) == 1
    return _json(value, name) if isinstance(value, str) and not is_wanted else value


def numbers_in(values: Sequence[Any], spec: TensorSpec) -> list[Any]:
    """A row of a tensor from as many columns."""
    return [value if spec.dtype == "string" else tensor_in(value, spec.name, spec) for value in values]


def _json(text: str, name: str) -> Any:
    """What a text says in JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise RowInvalid(f"expected numbers, or a list in JSON, in {name!r}; received {text[:40]!r}") from None


def _kind(value: Any) -> str:
    """What people call it."""
    return "nothing" if value is None or value == "" else f"a {type(value).__name__}"
