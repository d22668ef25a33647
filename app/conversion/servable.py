"""Whether a model can be served: what it takes and gives, and whether it answers rows made of its signature."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.conversion.result import Answers
from app.errors import HorngateError, ModelInvalid
from app.inference.calibration.conditions import AGREEMENT_ROWS
from app.inference.calibration.rows import described, sample_rows
from app.inference.runtimes.onnx import DTYPES
from app.inference.signature import check_signature
from app.tasks.tensor import TensorTask
from app.types import Array, Runtime, Signature, Tensors

SUM_TOLERANCE = 1e-2
"""How far a sum of probabilities may be from 1; of half precision it is."""


def read_signature(runtime: Runtime, folder: Path) -> Signature:
    """What the model in `folder` takes and gives; raises `ModelInvalid` where that cannot be served."""
    try:
        signature = runtime.load(folder)
    finally:
        runtime.close()
    if not signature.inputs or not signature.outputs:
        raise ModelInvalid(
            f"expected inputs and outputs; the model has {len(signature.inputs)} and {len(signature.outputs)}"
        )
    check_signature(None, signature)
    for spec in signature.outputs:
        if spec.dtype not in DTYPES.values():
            raise ModelInvalid(
                f"expected an output of one of {', '.join(DTYPES.values())}; {spec.name!r} is {spec.dtype}; "
                "convert it in the model, or leave it out of the signature"
            )
    return signature


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows made of a signature, and what the model says to them."""

    rows: Tensors
    outputs: Tensors

    def probabilities(self) -> tuple[str, ...]:
        """The outputs of numbers from 0 to 1 that sum to 1 in every row; of one number a row, from 0 to 1."""
        return tuple(name for name, array in self.outputs.items() if _are_probabilities(array))


def ask_sample(signature: Signature, answers: Answers) -> Sample:
    """Ask the model rows made of its signature; raises `ModelInvalid` unless every output has a row for each."""
    rows = sample_rows(signature, AGREEMENT_ROWS, Path(), TensorTask(signature), None)
    try:
        outputs = answers(rows)
    except Exception as error:  # whatever the source's own library finds wrong with them
        cause = str(error) if isinstance(error, HorngateError) else f"{type(error).__name__}: {error}"
        raise ModelInvalid(
            f"the model fails on rows made of its signature ({described(signature, None)}): {cause}; "
            "export it with sizes that it can take"
        ) from error
    for name, array in outputs.items():
        if array.shape[:1] != (AGREEMENT_ROWS,):
            raise ModelInvalid(
                f"expected the rows as the first dimension of the output {name!r}: [{AGREEMENT_ROWS}, …]; "
                f"received {list(array.shape)}; leave it out of the signature"
            )
    return Sample(rows, outputs)


def _are_probabilities(array: Array) -> bool:
    """Whether (rows, classes) can be probabilities."""
    if array.ndim != 2 or array.dtype.kind != "f" or not ((array >= 0) & (array <= 1)).all():
        return False
    return array.shape[1] == 1 or bool(np.allclose(array.astype(np.float64).sum(axis=1), 1, atol=SUM_TOLERANCE))
