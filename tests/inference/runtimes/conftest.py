"""One model in every runtime's form: doubles `values` (rows, 3), looks up the squares of `ids` (rows,) from 0 to 3."""

import os
import sys
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


BUILDERS = """
import os, signal
from pathlib import Path
import numpy as np
from app.errors import ModelInvalid
from app.types import Signature, TensorSpec

class Doubling:
    def __init__(self, factor=2):
        self.factor = factor

    def load(self, folder):
        self.folder = Path(folder)
        if (self.folder / "broken").exists():
            raise ModelInvalid("the folder is broken")
        if (self.folder / "loading").exists():
            (self.folder / "loading").open().close()
        return Signature((TensorSpec("x", "float32", (None, 1)),), (TensorSpec("y", "float32", (None, 1)),))

    def run(self, tensors):
        with (self.folder / "runs").open("a") as runs:
            print(*tensors["x"].ravel().tolist(), file=runs)
        special = set(tensors["x"].ravel().tolist()) & set(ACTIONS)
        if special:
            return ACTIONS[special.pop()](self, tensors)
        return {"y": tensors["x"] * self.factor}

    def hang(self, tensors):
        (self.folder / "entered").open("w").close()
        while True:
            signal.pause()

    def once(self, action, tensors):
        if not (self.folder / "acted").exists():
            (self.folder / "acted").touch()
            action()
        return {"y": tensors["x"] * self.factor}

    def close(self):
        (self.folder / "closed").touch()

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def fail():
    raise ZeroDivisionError("by the model")

ACTIONS = {
    13: lambda model, tensors: die(),
    14: Doubling.hang,
    15: lambda model, tensors: fail(),
    16: lambda model, tensors: model.once(die, tensors),
    17: lambda model, tensors: model.once(lambda: model.hang(tensors), tensors),
    18: lambda model, tensors: [1, 2],
    19: lambda model, tensors: {"y": tensors["x"][:1], "z": [7]},
    20: lambda model, tensors: {"y": lambda: None},
    21: lambda model, tensors: os._exit(7),
}

class Dying:
    def load(self, folder):
        os._exit(7)

class Echo:
    def load(self, folder):
        return Signature((), ())

    def run(self, tensors):
        return dict(tensors)

    def close(self):
        pass
"""


@pytest.fixture
def builder_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """The name of one of the classes above, in a module that a child can import.

    `Doubling` writes every batch to `runs` and doubles it, but 13 kills the child, 14 hangs it, 15 raises, 16 kills it
    once only, 17 hangs it once only, 18 gives no tensors, 19 gives too few rows, 20 gives what cannot be sent and 21
    ends the child with an exit code.
    """
    (tmp_path / "doubling_builders.py").write_text(BUILDERS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    return lambda name: f"doubling_builders:{name}"


@pytest.fixture(scope="session")
def rows() -> Callable[..., Tensors]:
    """A batch of these numbers."""
    return lambda *values: {"x": np.array(values, np.float32)[:, np.newaxis]}
