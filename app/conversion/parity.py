"""Whether a converted model, loaded again, says the same as its source."""

from collections.abc import Sequence
from pathlib import Path

from app.conversion.errors import ParityFailed
from app.conversion.result import Answers, Parity
from app.errors import InferenceFailed, ModelInvalid
from app.inference.calibration.agreement import TOLERANCE, difference
from app.inference.runtimes.onnx import OnnxRuntime
from app.inference.runtimes.savedmodel import SavedModelRuntime
from app.inference.signature import check_signature
from app.inference.tensors import rows_between
from app.types import Runtime, Signature, Tensors, rows_of


def new_runtime(name: str) -> Runtime:
    """The runtime of that name, `onnx` or `tensorflow`, on one thread of this process."""
    return OnnxRuntime() if name == "onnx" else SavedModelRuntime()


def compare(
    answers: Answers, signature: Signature, runtime: Runtime, folder: Path, groups: Sequence[Tensors]
) -> Parity:
    """Load the folder and run each group of rows, and its first row alone, through the runtime and the source.

    Raises `ParityFailed` where the names or shapes differ from the signature, the runtime cannot run the rows, or an
    output differs by more than 1e-4. Closes the runtime.
    """
    try:
        check_signature(signature, runtime.load(folder))
        found = max(_difference(_both(answers, rows), _both(runtime.run, rows)) for rows in groups)
    except (ModelInvalid, InferenceFailed) as error:
        raise ParityFailed(str(error)) from error
    finally:
        runtime.close()
    rows = sum(map(rows_of, groups))
    if not found <= TOLERANCE:
        raise ParityFailed(
            f"expected outputs that differ by at most {TOLERANCE} from the model's own over {rows} rows; "
            f"received a difference of {found:.2g}"
        )
    return Parity(rows, found)


def _difference(expected: Tensors, received: Tensors) -> float:
    """The largest difference of any output; raises `ParityFailed` where one has another form."""
    if _forms(expected) != _forms(received):
        raise ParityFailed(f"expected {_forms(expected)}, as the model itself gives; received {_forms(received)}")
    return difference(expected, received)


def _forms(outputs: Tensors) -> str:
    """Names, dtypes and shapes in words."""
    return ", ".join(f"{name} {outputs[name].dtype} {list(outputs[name].shape)}" for name in sorted(outputs))


def _both(answers: Answers, rows: Tensors) -> Tensors:
    """The outputs for all rows together, and beside them those for the first row alone."""
    together, alone = answers(rows), answers(rows_between(rows, 0, 1))
    return {**together, **{f"{name} of one row": array for name, array in alone.items()}}
