"""The arithmetic of batches: which rows can be stacked, stacking them, splitting the result again."""

import math
from collections.abc import Sequence

import numpy as np

from app.types import Array, Tensors

Shapes = tuple[tuple[str, np.dtype[np.generic], tuple[int, ...]], ...]


def shapes_of(tensors: Tensors) -> Shapes:
    """Names, dtypes and shapes without the rows: tensors with equal ones can be stacked."""
    return tuple([(name, array.dtype, array.shape[1:]) for name, array in tensors.items()])


def cells_of(shapes: Shapes) -> int:
    """The numbers in one row of these shapes; at least 1."""
    return max(1, sum(math.prod(shape) for _, _, shape in shapes))


def stack(parts: Sequence[Tensors]) -> Tensors:
    """One batch of all rows, in the order of `parts`, which agree in `shapes_of`."""
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def rows_between(tensors: Tensors, start: int, stop: int) -> dict[str, Array]:
    """A view of rows `start` to `stop`."""
    return {name: array[start:stop] for name, array in tensors.items()}
