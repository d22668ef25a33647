"""TensorFlow, for a folder's SavedModel; the one module of `app` that imports it, and only in a child process."""

from pathlib import Path
from typing import Any

import tensorflow as tf

from app.errors import InferenceFailed, ModelInvalid
from app.types import Array, Signature, Tensors, TensorSpec

MODEL = "saved_model.pb"
SIGNATURE = "serving_default"


class SavedModelRuntime:
    """Runs the SavedModel's `serving_default` on `threads` threads."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._function: Any = None
        self._model: Any = None
        self._specs: dict[str, Any] = {}

    def load(self, folder: Path) -> Signature:
        """Load the SavedModel; raises `ModelInvalid` where it is none, or lacks the signature."""
        _use_threads(self._threads)
        try:
            self._model = tf.saved_model.load(str(folder))
        except Exception as error:  # whatever TensorFlow finds wrong with the folder
            raise ModelInvalid(f"TensorFlow cannot load the SavedModel: {error}") from error
        names = list(self._model.signatures)
        if SIGNATURE not in names:
            raise ModelInvalid(f"expected a signature {SIGNATURE!r}; received {', '.join(names) or 'none'}")
        self._function = self._model.signatures[SIGNATURE]
        self._specs = self._function.structured_input_signature[1]
        outputs = self._function.structured_outputs
        return Signature(
            tuple(_spec(name, spec) for name, spec in self._specs.items()),
            tuple(_spec(name, spec) for name, spec in outputs.items()),
        )

    def run(self, tensors: Tensors) -> dict[str, Array]:
        """Run one batch; raises `InferenceFailed` where the graph fails on it."""
        if self._function is None:
            raise InferenceFailed("the runtime is closed")
        try:
            feeds = {name: tf.constant(tensors[name], spec.dtype) for name, spec in self._specs.items()}
            return {name: value.numpy() for name, value in self._function(**feeds).items()}
        except Exception as error:  # whatever TensorFlow finds wrong with the batch
            raise InferenceFailed(f"TensorFlow: {error}") from error

    def close(self) -> None:
        """Drop the model; its memory goes with the process."""
        self._function = self._model = None


def _use_threads(threads: int) -> None:
    """Bound TensorFlow's pools; they are fixed once it has run."""
    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        return


def _spec(name: str, spec: Any) -> TensorSpec:
    """TensorFlow's spec as ours."""
    shape = tuple(spec.shape.as_list()) if spec.shape.rank is not None else (None,)
    return TensorSpec(name, spec.dtype.name, shape)
