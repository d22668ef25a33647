"""Whether two runtimes say the same."""

import numpy as np

from app.types import Array, Tensors

TOLERANCE = 1e-4
"""The largest difference that counts as the same answer; of outputs beyond 1, in parts of the largest one."""

NUMERIC = "fiub"
"""numpy's kinds of numbers; other tensors are the same or not."""


def difference(expected: Tensors, received: Tensors) -> float:
    """The largest difference of any output (rows, …); infinite where names, dtypes, shapes, strings or NaNs differ."""
    if set(expected) != set(received):
        return float("inf")
    return max(_difference(expected[name], received[name]) for name in expected)


def _difference(expected: Array, received: Array) -> float:
    """The same of one output."""
    kind = expected.dtype.kind
    if expected.shape != received.shape or kind != received.dtype.kind:
        return float("inf")
    if kind not in NUMERIC or expected.size == 0:
        return 0.0 if np.array_equal(expected, received) else float("inf")
    one, other = expected.astype(np.float64), received.astype(np.float64)
    finite = np.isfinite(one)
    if not np.array_equal(one[~finite], other[~finite], equal_nan=True) or not np.isfinite(other[finite]).all():
        return float("inf")
    largest = float(np.abs(one[finite]).max(initial=0)) if kind == "f" else 1.0
    return float(np.abs(one[finite] - other[finite]).max(initial=0)) / max(1.0, largest)
