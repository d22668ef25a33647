"""One bad row fails alone: a batch that fails is halved and run again until the guilty part stands by itself.

With one guilty part among n that is at most 2·log2(n) runs more. Where so many runs have not brought a single success,
the model itself is at fault, and what is left fails together.
"""

import math
from collections import deque
from collections.abc import Sequence

import numpy as np

from app.errors import HorngateError, InferenceFailed
from app.inference.tensors import rows_between, stack
from app.types import Runtime, Signature, Tensors, rows_of


class NotFinite(InferenceFailed):
    """The model gave NaN or infinity; `outputs` are what it gave, for who wants that all the same."""

    def __init__(self, outputs: Tensors) -> None:
        super().__init__("the model gave NaN or infinity")
        self.outputs = outputs


Outcome = Tensors | HorngateError
"""What became of one part of a batch: its outputs, or why there are none."""


def run_isolated(runtime: Runtime, signature: Signature, parts: Sequence[Tensors]) -> list[Outcome]:
    """Run all parts as one batch and give each its own outcome; never raises for what the model did."""
    result = _attempt(runtime, signature, parts)
    return _bisected(runtime, signature, parts, result) if isinstance(result, HorngateError) else result


def _bisected(runtime: Runtime, signature: Signature, parts: Sequence[Tensors], error: HorngateError) -> list[Outcome]:
    """The outcomes of parts that failed together, from runs of halves of them; both halves before any quarter."""
    outcomes: list[Outcome] = [error] * len(parts)
    failed = deque([(0, len(parts))])
    runs_left = 2 * math.log2(len(parts))
    while failed and runs_left > 0:
        start, stop = failed.popleft()
        middle = (start + stop) // 2
        for first, last in ((start, middle), (middle, stop)) if stop - start > 1 else ():
            result = _attempt(runtime, signature, parts[first:last])
            runs_left -= 1
            if isinstance(result, HorngateError):
                outcomes[first:last] = [result] * (last - first)
                failed.append((first, last))
            else:
                outcomes[first:last] = result
                runs_left = math.inf
    return outcomes


def _attempt(runtime: Runtime, signature: Signature, parts: Sequence[Tensors]) -> list[Outcome] | HorngateError:
    """Run all parts as one batch: each part's outcome, or why the batch has none."""
    try:
        outputs = _checked(runtime.run(stack(parts)), signature, sum([rows_of(part) for part in parts]))
    except HorngateError as error:
        return error
    except Exception as error:  # noqa: BLE001  # whatever a model raises is an outcome, not the server's failure
        return InferenceFailed(f"{type(error).__name__}: {error}")
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
        outcomes.append(own if all_finite or _is_finite(own) else NotFinite(own))
        start = stop
    return outcomes


def _is_finite(tensors: Tensors) -> bool:
    """Whether every floating-point value is a number."""
    return all(
        np.count_nonzero(np.isfinite(array)) == array.size for array in tensors.values() if array.dtype.kind == "f"
    )
