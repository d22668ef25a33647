"""One bad row fails alone: a batch that fails is halved and run again until the guilty part stands by itself.

With one guilty part among n that is at most 2·log2(n) runs more.
"""

from collections.abc import Sequence

import numpy as np

from app.errors import HorngateError, InferenceFailed
from app.inference.tensors import rows_between, stack
from app.types import Runtime, Signature, Tensors, rows_of

Outcome = Tensors | HorngateError
"""What became of one part of a batch: its outputs, or why there are none."""


def run_isolated(runtime: Runtime, signature: Signature, parts: Sequence[Tensors]) -> list[Outcome]:
    """Run all parts as one batch and give each its own outcome; never raises for what the model did."""
    try:
        outputs = _checked(runtime.run(stack(parts)), signature, sum(rows_of(part) for part in parts))
    except Exception as error:  # noqa: BLE001  # whatever a model raises is an outcome, not the server's failure
        if len(parts) == 1:
            return [error if isinstance(error, HorngateError) else InferenceFailed(f"{type(error).__name__}: {error}")]
        middle = len(parts) // 2
        halves = (parts[:middle], parts[middle:])
        return [outcome for half in halves for outcome in run_isolated(runtime, signature, half)]
    return _split(outputs, parts)


def _checked(outputs: Tensors, signature: Signature, rows: int) -> Tensors:
    """The signature's outputs; refuses a result that lacks one or has another number of rows than went in."""
    for spec in signature.outputs:
        if spec.name not in outputs:
            raise InferenceFailed(f"expected an output {spec.name!r}; received {', '.join(outputs) or 'none'}")
        shape = outputs[spec.name].shape
        if not shape or shape[0] != rows:
            raise InferenceFailed(f"expected {rows} rows of {spec.name!r}; received the shape {list(shape)}")
    return {spec.name: outputs[spec.name] for spec in signature.outputs}


def _split(outputs: Tensors, parts: Sequence[Tensors]) -> list[Outcome]:
    """Each part's own rows; a part with a number that is not finite gets an error instead."""
    all_finite = _is_finite(outputs)
    outcomes: list[Outcome] = []
    start = 0
    for part in parts:
        stop = start + rows_of(part)
        own = rows_between(outputs, start, stop)
        outcomes.append(own if all_finite or _is_finite(own) else InferenceFailed("the model gave NaN or infinity"))
        start = stop
    return outcomes


def _is_finite(tensors: Tensors) -> bool:
    """Whether every floating-point value is a number."""
    return all(bool(np.isfinite(array).all()) for array in tensors.values() if array.dtype.kind == "f")
