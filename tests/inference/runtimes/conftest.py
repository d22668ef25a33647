"""One model in every runtime's form: doubles `values` (rows, 3), looks up the squares of `ids` (rows,) from 0 to 3."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from app.inference.runtimes.fake import FakeRuntime
from app.inference.runtimes.onnx import OnnxRuntime
from app.inference.runtimes.process import ProcessRuntime
from app.types import Array, Runtime, Signature, Tensors, TensorSpec

SQUARES = np.array([0, 1, 4, 9], np.float32)

SIGNATURE = Signature(
    (TensorSpec("values", "float32", (None, 3)), TensorSpec("ids", "int32", (None,))),
    (TensorSpec("doubled", "float32", (None, 3)), TensorSpec("picked", "float32", (None,))),
)


def _answer(tensors: Tensors) -> dict[str, Array]:
    return {"doubled": tensors["values"] * 2, "picked": SQUARES[tensors["ids"]]}


@pytest.fixture(scope="session")
def onnx_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the model as `model.onnx`."""
    inputs = [
        helper.make_tensor_value_info("values", TensorProto.FLOAT, ["rows", 3]),
        helper.make_tensor_value_info("ids", TensorProto.INT32, ["rows"]),
    ]
    outputs = [
        helper.make_tensor_value_info("doubled", TensorProto.FLOAT, ["rows", 3]),
        helper.make_tensor_value_info("picked", TensorProto.FLOAT, ["rows"]),
    ]
    nodes = [
        helper.make_node("Add", ["values", "values"], ["doubled"]),
        helper.make_node("Gather", ["squares", "ids"], ["picked"]),
    ]
    graph = helper.make_graph(nodes, "squares", inputs, outputs, [numpy_helper.from_array(SQUARES, "squares")])
    folder = tmp_path_factory.mktemp("onnx_model")
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), folder / "model.onnx"
    )
    return folder


@dataclass(frozen=True)
class Kind:
    """How a runtime is made, the folder that it loads, and the file in it to be corrupted.

    No file for the fake, which reads none, and for TensorFlow in a child process: a second import of it would take
    5 s to show what TensorFlow in the process and ONNX Runtime in a child show together.
    """

    make: Callable[[], Runtime]
    folder: Path | None
    file: str | None


@pytest.fixture(
    scope="module",
    params=["fake", "onnx", "onnx in a child process", "savedmodel", "savedmodel in a child process"],
)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Every runtime in turn."""
    if request.param == "fake":
        return Kind(lambda: FakeRuntime(SIGNATURE, _answer), None, None)
    if request.param == "onnx":
        return Kind(OnnxRuntime, request.getfixturevalue("onnx_model"), "model.onnx")
    if request.param == "onnx in a child process":
        builder = "app.inference.runtimes.onnx:OnnxRuntime"
        return Kind(lambda: ProcessRuntime(builder, 1), request.getfixturevalue("onnx_model"), "model.onnx")
    folder = request.getfixturevalue("saved_model")
    if request.param == "savedmodel":
        from app.inference.runtimes.savedmodel import SavedModelRuntime

        return Kind(SavedModelRuntime, folder, "saved_model.pb")
    builder = "app.inference.runtimes.savedmodel:SavedModelRuntime"
    return Kind(lambda: ProcessRuntime(builder, 1), folder, None)


@dataclass(frozen=True)
class Loaded:
    """A loaded runtime and the signature that it gave."""

    runtime: Runtime
    signature: Signature


@pytest.fixture(scope="module")
def loaded(kind: Kind) -> Iterator[Loaded]:
    """One runtime of each kind, loaded once for all the tests of a module, which close it in the last."""
    runtime = kind.make()
    yield Loaded(runtime, runtime.load(kind.folder))
    runtime.close()
