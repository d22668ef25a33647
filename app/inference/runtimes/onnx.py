"""ONNX Runtime, in the process itself: about 0.1 s to load and a few MiB."""

import os
from pathlib import Path

# Since 1.29 the library reports to its maker unless this is set before it is imported; a server must not.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime

from app.errors import InferenceFailed, ModelInvalid
from app.types import Array, Signature, Tensors, TensorSpec

MODEL = "model.onnx"

DTYPES = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(float16)": "float16",
    "tensor(int8)": "int8",
    "tensor(int16)": "int16",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
    "tensor(uint8)": "uint8",
    "tensor(uint16)": "uint16",
    "tensor(uint32)": "uint32",
    "tensor(uint64)": "uint64",
    "tensor(bool)": "bool",
    "tensor(string)": "string",
}
"""numpy's name of each of ONNX Runtime's types."""

FATAL = 4
"""Log level: what fails is raised and reported by us, with the folder's name."""


class OnnxRuntime:
    """Runs `model.onnx` on `threads` threads of the CPU."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._session: onnxruntime.InferenceSession | None = None
        self._output_names: list[str] = []

    def load(self, folder: Path) -> Signature:
        """Open a session; raises `ModelInvalid` for a file that is no ONNX model."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = FATAL
        # Threads that spin between batches would take the cores from the other workers.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            session = onnxruntime.InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library's errors share no base class below Exception
            raise ModelInvalid(f"{MODEL} cannot be loaded by ONNX Runtime: {error}") from error
        inputs, outputs = (
            tuple(TensorSpec(arg.name, DTYPES.get(arg.type, arg.type), _shape(arg.shape)) for arg in arguments)
            for arguments in (session.get_inputs(), session.get_outputs())
        )
        self._session = session
        self._output_names = [spec.name for spec in outputs]
        return Signature(inputs, outputs)

    def run(self, tensors: Tensors) -> dict[str, Array]:
        """Run one batch; raises `InferenceFailed` where the graph fails on it."""
        if self._session is None:
            raise InferenceFailed("the runtime is closed")
        try:
            values = self._session.run(self._output_names, tensors)
        except Exception as error:  # as above
            raise InferenceFailed(f"ONNX Runtime: {error}") from error
        return dict(zip(self._output_names, values, strict=True))

    def close(self) -> None:
        """Drop the session."""
        self._session = None


def _shape(dimensions: list[int | str | None]) -> tuple[int | None, ...]:
    """ONNX names its free dimensions; here they are None."""
    return tuple(size if isinstance(size, int) else None for size in dimensions)
