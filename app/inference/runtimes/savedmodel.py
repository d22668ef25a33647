"""TensorFlow, for a folder's SavedModel; imported in a child process only."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from app.errors import InferenceFailed, InputInvalid, ModelInvalid
from app.inference.runtimes.differentiation import differentiated
from app.inference.runtimes.gradients import ASKED, SHARE, inputs_in
from app.inference.runtimes.inputs import check_inputs
from app.inference.runtimes.scaled_tables import ScaledTables
from app.inference.runtimes.signature_def import SIGNATURE, missing_signature
from app.types import Array, Signature, Tensors, TensorSpec, rows_of

__all__ = ["SIGNATURE", "SavedModelRuntime", "compiled_runtime"]


class SavedModelRuntime:
    """Runs the SavedModel's `serving_default` on `threads` threads, operation by operation.

    With `compiled` XLA makes one program of it for each shape that comes. To bound their number, rows are filled up to
    the next power of two and cut again. Indices out of range are no errors of compiled programs.

    A batch with the input `gradients.ASKED` has gradients beside its outputs, which no program is compiled for: along
    its own inputs, or with `gradients.SHARE` along what its ids are looked up in.
    """

    def __init__(self, threads: int = 1, *, compiled: bool = False) -> None:
        self._threads = threads
        self._compiled = compiled
        self._model: Any = None
        self._function: Callable[..., Any] | None = None
        self._signature = Signature((), ())
        self._folder = Path()
        self._tables: ScaledTables | None = None

    def load(self, folder: Path) -> Signature:
        """Load the SavedModel; raises `ModelInvalid` where it is none, lacks the signature, or does not compile.

        Where dimensions besides the rows are free, the first batch shows whether it compiles.
        """
        _use_threads(self._threads)
        try:
            model = tf.saved_model.load(str(folder))
        except Exception as error:  # whatever TensorFlow finds wrong with the folder
            raise ModelInvalid(f"TensorFlow cannot load the SavedModel: {error}") from error
        if SIGNATURE not in model.signatures:
            raise ModelInvalid(missing_signature(list(model.signatures)))
        function = model.signatures[SIGNATURE]
        inputs, outputs = function.structured_input_signature[1], function.structured_outputs
        self._signature = Signature(_specs(inputs), _specs(outputs))
        self._folder = folder
        # The signature's function does not keep the variables alive; the model does.
        self._model, self._function = model, _compile(function) if self._compiled else function
        if self._compiled:
            self._try_compiling()
        return self._signature

    def run(self, tensors: Tensors) -> dict[str, Array]:
        """Run one batch; raises `InferenceFailed` where the graph fails on it, or XLA cannot compile it, and
        `InputInvalid` where gradients are asked for that there are none of.
        """
        function = self._function
        if function is None:
            raise InferenceFailed("the runtime is closed")
        if ASKED in tensors:
            return self._differentiated(tensors)
        check_inputs(self._signature.inputs, tensors)
        rows = rows_of(tensors)
        padded = _next_power_of_two(rows) if self._compiled else rows
        try:
            feeds = {spec.name: _feed(tensors[spec.name], spec, padded) for spec in self._signature.inputs}
            outputs = {name: value.numpy() for name, value in function(**feeds).items()}
        except Exception as error:  # whatever TensorFlow finds wrong with the batch
            raise InferenceFailed(f"TensorFlow{' with XLA' if self._compiled else ''}: {error}") from error
        if padded == rows:
            return outputs
        return {name: array[:rows] if array.shape[:1] == (padded,) else array for name, array in outputs.items()}

    def close(self) -> None:
        """Drop the model; its memory goes with the process."""
        self._function = self._model = self._tables = None

    def _differentiated(self, tensors: Tensors) -> dict[str, Array]:
        """The outputs, with gradients."""
        asked = tensors[ASKED]
        inputs = inputs_in(tensors)
        check_inputs(self._signature.inputs, inputs)
        try:
            if SHARE in tensors:
                if self._tables is None:
                    self._tables = ScaledTables(self._folder, SIGNATURE, self._signature)
                return self._tables.differentiated(inputs, tensors[SHARE], asked)
            feeds = {spec.name: _feed(inputs[spec.name], spec, len(asked)) for spec in self._signature.inputs}
            return differentiated(self._model.signatures[SIGNATURE], feeds, asked, self._signature)
        except InputInvalid:
            raise
        except LookupError as error:  # of TensorFlow's registry of gradients
            raise InputInvalid.at("", "a model whose operations all have gradients", _told(error)) from error
        except Exception as error:  # whatever TensorFlow finds wrong with the batch
            raise InferenceFailed(f"TensorFlow's gradients: {error}") from error

    def _try_compiling(self) -> None:
        """Raise `ModelInvalid` where XLA cannot compile the model for one row, as far as its shape is fixed."""
        specs = self._signature.inputs
        if any(spec.dtype == "string" for spec in specs):
            raise ModelInvalid("XLA cannot compile a model with strings; serve it with TensorFlow as it is")
        if any(None in spec.shape[1:] for spec in specs):
            return
        try:
            self.run({spec.name: np.zeros([size or 1 for size in spec.shape], spec.dtype) for spec in specs})
        except InferenceFailed as error:
            self.close()
            raise ModelInvalid(f"XLA cannot compile the model: {error}") from error


def compiled_runtime(threads: int) -> SavedModelRuntime:
    """The runtime with XLA, for a child process, which takes numbers only."""
    return SavedModelRuntime(threads, compiled=True)


def _told(error: LookupError) -> str:
    """Which operation is at fault, without TensorFlow's advice to whoever writes operations."""
    return str(error).partition(". ")[0]


def _compile(function: Any) -> Callable[..., Any]:
    """The signature's function as one XLA program per shape."""
    compiled: Callable[..., Any] = tf.function(function, jit_compile=True, autograph=False)
    return compiled


def _feed(array: Array, spec: TensorSpec, rows: int) -> Any:
    """The tensor of an input with its last row repeated up to `rows`: a row of the caller's is one that can be run."""
    if len(array) and len(array) < rows:
        array = np.concatenate([array, np.repeat(array[-1:], rows - len(array), axis=0)])
    return tf.constant(array, spec.dtype)


def _next_power_of_two(number: int) -> int:
    """The smallest power of two that is not below `number`."""
    return 1 << max(number - 1, 0).bit_length()


def _use_threads(threads: int) -> None:
    """Bound TensorFlow's pools; they are fixed once it has run."""
    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        return


def _specs(specs: dict[str, Any]) -> tuple[TensorSpec, ...]:
    """TensorFlow's specs as ours; an unknown rank counts as rows."""
    return tuple(
        TensorSpec(name, spec.dtype.name, tuple(spec.shape.as_list()) if spec.shape.rank is not None else (None,))
        for name, spec in specs.items()
    )
