"""Whether an exported model, reloaded, says the same as the Keras model."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from app.errors import HorngateError
from app.inference.runtimes.onnx import OnnxRuntime
from app.inference.runtimes.savedmodel import SavedModelRuntime
from app.types import Array, Runtime, Signature

TOLERANCE = 1e-4
"""The largest difference of a probability that counts as the same."""

PARITY_ROWS = 512


class ParityFailed(HorngateError):
    """An exported model differs from the Keras model; it does not count."""

    code = "parity_failed"
    title = "The export differs from the model"


@dataclass(frozen=True, slots=True)
class Parity:
    """The largest difference over `rows` rows."""

    rows: int
    max_abs_diff: float


def new_runtime(name: str) -> Runtime:
    """The runtime of that name, `onnx` or `tensorflow`, on one thread."""
    return OnnxRuntime() if name == "onnx" else SavedModelRuntime()


def compare(
    model: keras.Model, signature: Signature, runtime: Runtime, folder: Path, groups: Sequence[Array]
) -> Parity:
    """Load the folder and run each group of rows, and its first row alone, through the runtime and through Keras.

    Raises `ParityFailed` where the names or shapes differ from the signature, or a probability by more than 1e-4.
    """
    given = runtime.load(folder)
    if given != signature:
        raise ParityFailed(f"expected the signature {signature}; received {given}")
    difference = max(_difference(model, signature, runtime, inputs) for inputs in groups)
    runtime.close()
    rows = sum(map(len, groups))
    if not difference <= TOLERANCE:
        raise ParityFailed(
            f"expected probabilities that differ by at most {TOLERANCE} from Keras's over {rows} rows; "
            f"received a difference of {difference:.2g}"
        )
    return Parity(rows, difference)


def _difference(model: keras.Model, signature: Signature, runtime: Runtime, inputs: Array) -> float:
    """The largest difference over rows of one shape, run together and the first alone."""
    name, output = signature.inputs[0].name, signature.outputs[0].name
    expected = model.predict_on_batch(inputs)
    together, alone = (runtime.run({name: rows})[output] for rows in (inputs, inputs[:1]))
    if together.shape != expected.shape:
        raise ParityFailed(f"expected outputs {expected.shape}; received {together.shape}")
    return max(float(np.abs(together - expected).max()), float(np.abs(alone - expected[:1]).max()))
