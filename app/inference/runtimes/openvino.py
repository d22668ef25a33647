"""OpenVINO, in the process itself: about 0.3 s to import and load; it reads `model.onnx`, or a SavedModel directly."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from app.errors import InferenceFailed, ModelInvalid
from app.inference.runtimes.inputs import check_inputs
from app.inference.runtimes.onnx import MODEL
from app.inference.runtimes.signal_stack import kept_signal_stack
from app.inference.runtimes.signature_def import SAVED_MODEL, read_signature_names
from app.types import Array, Signature, Tensors, TensorSpec

DTYPES = {
    "f16": "float16",
    "f32": "float32",
    "f64": "float64",
    "i8": "int8",
    "i16": "int16",
    "i32": "int32",
    "i64": "int64",
    "u8": "uint8",
    "u16": "uint16",
    "u32": "uint32",
    "u64": "uint64",
    "boolean": "bool",
}
"""numpy's name of each of OpenVINO's types; its strings cannot be fed from Python's."""

NARROWED = frozenset({"int64", "uint64", "uint32"})
"""Integers that OpenVINO computes in 32 bits with a sign, and cuts off without a word."""

INT32 = np.iinfo(np.int32)

REPORTING = "openvino.tools.ovc"
"""The package's converter; its import reports to OpenVINO's maker over the network, the runtime needs none of it."""


class OpenVinoRuntime:
    """Runs `model.onnx`, or `saved_model.pb` where there is none, on `threads` threads of the CPU.

    Integers are 32 bits wide to it: larger inputs fail, and outputs that could be larger are refused at loading.
    Indices out of range are not its errors: a gather beyond the end gives zeros.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._request: Any = None
        self._signature = Signature((), ())
        self._input_ports: list[int] = []
        self._output_ports: list[int] = []

    def load(self, folder: Path) -> Signature:
        """Read and compile the model; raises `ModelInvalid` where OpenVINO cannot, or not as the model says."""
        with kept_signal_stack():
            return self._compile(folder)

    def run(self, tensors: Tensors) -> dict[str, Array]:
        """Run one batch; the outputs are the caller's own. Raises `InferenceFailed` where the model fails on it."""
        request = self._request
        if request is None:
            raise InferenceFailed("the runtime is closed")
        specs = self._signature
        check_inputs(specs.inputs, tensors)
        _check_range(specs.inputs, tensors)
        feeds = {port: tensors[spec.name] for spec, port in zip(specs.inputs, self._input_ports, strict=True)}
        try:
            results = request.infer(feeds, share_inputs=True)
        except Exception as error:  # as above
            raise InferenceFailed(f"OpenVINO: {_shown(error)}") from error
        return {spec.name: results[port] for spec, port in zip(specs.outputs, self._output_ports, strict=True)}

    def close(self) -> None:
        """Drop the model; the thread pool that all of the process's models share stays."""
        self._request = None

    def _compile(self, folder: Path) -> Signature:
        """The same, while the thread's signal stack is looked after."""
        core = _openvino().Core()
        file = MODEL if (folder / MODEL).exists() else SAVED_MODEL
        names = None if file == MODEL else read_signature_names(folder)
        try:
            model = core.read_model(folder / file if names is None else folder)
            inputs = _name_ports(model.inputs, None if names is None else names.inputs)
            outputs = _name_ports(model.outputs, None if names is None else names.outputs)
            request = core.compile_model(model, "CPU", self._options()).create_infer_request()
            signature = Signature(_specs(model.inputs, inputs), _specs(model.outputs, outputs))
            _refuse_wide(signature.outputs)
        except ModelInvalid:
            raise
        except Exception as error:  # the library's errors share no base class below Exception
            raise ModelInvalid(f"{file} cannot be loaded by OpenVINO: {_shown(error)}") from error
        self._input_ports, self._output_ports = list(inputs.values()), list(outputs.values())
        self._request, self._signature = request, signature
        return signature

    def _options(self) -> dict[str, Any]:
        """One request at a time on our threads, at the precision that the export compared."""
        return {
            "PERFORMANCE_HINT": "LATENCY",
            # A stream of one thread loses what fails in the graph and answers with the batch before; without streams
            # the caller's own thread runs it.
            "NUM_STREAMS": 0 if self._threads == 1 else 1,
            "INFERENCE_NUM_THREADS": self._threads,
            "INFERENCE_PRECISION_HINT": "f32",
            # Every worker would pin its threads to the same first cores.
            "ENABLE_CPU_PINNING": False,
        }


def _openvino() -> Any:
    """The package, imported only where a plan asks for it; what reports is kept out of the process."""
    sys.modules.setdefault(REPORTING, None)  # type: ignore[arg-type]  # Python's own mark for "not to be imported"
    import openvino  # noqa: PLC0415  # 0.2 s and its memory are for the workers that use it

    return openvino


def _name_ports(ports: Iterable[Any], names: frozenset[str] | None) -> dict[str, int]:
    """Each input's or output's name and which port it is; `names` are those that the signature has, where it says.

    A port may have several names, such as those of an output that is an input handed through. Raises `ModelInvalid`
    where OpenVINO had to rename one: an input and an output of the same name.
    """
    numbers = {name: number for number, port in enumerate(ports) for name in port.get_names()}
    if names is None:
        return {port.any_name: number for number, port in enumerate(ports)}
    missing = ", ".join(sorted(names - numbers.keys()))
    if missing:
        raise ModelInvalid(f"OpenVINO does not keep the signature's {missing} apart; serve it with TensorFlow")
    return {name: number for name, number in numbers.items() if name in names}


def _refuse_wide(outputs: Iterable[TensorSpec]) -> None:
    """Raise `ModelInvalid` for an output that may hold more than OpenVINO computes."""
    wide = ", ".join(f"{spec.name} {spec.dtype}" for spec in outputs if spec.dtype in NARROWED)
    if wide:
        raise ModelInvalid(f"OpenVINO computes integers in 32 bits; the model gives {wide}; use another runtime")


def _check_range(inputs: Iterable[TensorSpec], tensors: Tensors) -> None:
    """Raise `InferenceFailed` for an integer that OpenVINO would cut off."""
    for spec in inputs:
        if spec.dtype in NARROWED:
            array = tensors[spec.name]
            if array.size and (array.min() < INT32.min or array.max() > INT32.max):
                raise InferenceFailed(f"OpenVINO: expected integers of 32 bits in {spec.name!r}; received larger ones")


def _specs(ports: Any, numbers: dict[str, int]) -> tuple[TensorSpec, ...]:
    """The ports as our specs, in the order of `numbers`."""
    return tuple(_spec(name, ports[number]) for name, number in numbers.items())


def _spec(name: str, port: Any) -> TensorSpec:
    """One port as our spec, raises `ModelInvalid` for what is no number."""
    kind = port.element_type.get_type_name()
    if kind not in DTYPES:
        raise ModelInvalid(f"OpenVINO takes numbers only; {name!r} is {kind}; serve it with TensorFlow")
    sizes = (None if size.is_dynamic else size.get_length() for size in port.partial_shape)
    return TensorSpec(name, DTYPES[kind], tuple(sizes))


def _shown(error: Exception) -> str:
    """The library's message on one line, without the places in its source."""
    return " ".join(re.sub(r"Exception from \S+", "", str(error)).split())
