"""One model in every runtime's form, with several inputs and outputs of several dtypes, free rows and a free length."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from app.inference.runtimes.catalogue import make_runtime
from app.inference.runtimes.fake import FakeRuntime
from app.inference.runtimes.gradients import ASKED, Aims, packed
from app.inference.runtimes.process import ProcessRuntime
from app.types import Array, Runtime, Signature, Tensors, TensorSpec

SQUARES = np.array([0, 1, 4, 9], np.float32)
WEIGHTS = np.random.default_rng(5).normal(size=(3, 4)).astype(np.float32)

SIGNATURE = Signature(
    (
        TensorSpec("values", "float32", (None, 3)),
        TensorSpec("ids", "int32", (None,)),
        TensorSpec("counts", "int64", (None, None)),
        TensorSpec("flags", "bool", (None, 2)),
    ),
    (
        TensorSpec("doubled", "float32", (None, 3)),
        TensorSpec("scores", "float32", (None, 4)),
        TensorSpec("kept", "float32", (None, 3)),
        TensorSpec("picked", "float32", (None,)),
        TensorSpec("added", "float32", (None, None)),
        TensorSpec("inverted", "bool", (None, 2)),
    ),
)

ONNX_TYPES = {
    "float32": TensorProto.FLOAT,
    "int32": TensorProto.INT32,
    "int64": TensorProto.INT64,
    "bool": TensorProto.BOOL,
}


def _answer(tensors: Tensors) -> dict[str, Array]:
    """The model in numpy, with the gradients of `doubled` where they are asked for."""
    exponentials = np.exp(tensors["values"] @ WEIGHTS)
    doubled = tensors["values"] * 2
    if ASKED in tensors:
        doubled = packed(doubled, [2 * np.eye(3, dtype=np.float32)[Aims.of(tensors[ASKED], SIGNATURE).elements]])
    return {
        "doubled": doubled,
        "scores": exponentials / exponentials.sum(axis=1, keepdims=True),
        "kept": tensors["values"].copy(),
        "picked": SQUARES[tensors["ids"]],
        "added": tensors["counts"].astype(np.float32) + 1,
        "inverted": ~tensors["flags"],
    }


@pytest.fixture(scope="session")
def onnx_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the model as `model.onnx`."""
    inputs, outputs = (
        [
            helper.make_tensor_value_info(
                spec.name,
                ONNX_TYPES[spec.dtype],
                [("rows", "length")[axis] if size is None else size for axis, size in enumerate(spec.shape)],
            )
            for spec in specs
        ]
        for specs in (SIGNATURE.inputs, SIGNATURE.outputs)
    )
    nodes = [
        helper.make_node("Add", ["values", "values"], ["doubled"]),
        helper.make_node("MatMul", ["values", "weights"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["scores"], axis=-1),
        helper.make_node("Identity", ["values"], ["kept"]),
        helper.make_node("Gather", ["squares", "ids"], ["picked"]),
        helper.make_node("Cast", ["counts"], ["float_counts"], to=TensorProto.FLOAT),
        helper.make_node("Add", ["float_counts", "one"], ["added"]),
        helper.make_node("Not", ["flags"], ["inverted"]),
    ]
    weights = {"squares": SQUARES, "weights": WEIGHTS, "one": np.array(1, np.float32)}
    initializers = [numpy_helper.from_array(array, name) for name, array in weights.items()]
    graph = helper.make_graph(nodes, "model", inputs, outputs, initializers)
    folder = tmp_path_factory.mktemp("onnx_model")
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), folder / "model.onnx"
    )
    return folder


@pytest.fixture(scope="session")
def tensorflow_model(tmp_path_factory: pytest.TempPathFactory, saved_model: Path) -> Path:
    """A folder with the model as a SavedModel; `saved_model` has TensorFlow imported and set up."""
    import tensorflow as tf

    module = tf.Module()
    module.squares, module.weights = tf.Variable(SQUARES), tf.Variable(WEIGHTS)

    @tf.function(
        input_signature=[tf.TensorSpec(spec.shape, spec.dtype, name=spec.name) for spec in SIGNATURE.inputs],
        autograph=False,
    )
    def serve(values: Any, ids: Any, counts: Any, flags: Any) -> dict[str, Any]:
        return {
            "doubled": values * 2,
            "scores": tf.nn.softmax(values @ module.weights),
            "kept": tf.identity(values),
            "picked": tf.gather(module.squares, ids),
            "added": tf.cast(counts, tf.float32) + 1,
            "inverted": tf.logical_not(flags),
        }

    folder = tmp_path_factory.mktemp("tensorflow_model")
    tf.saved_model.save(module, str(folder), signatures={"serving_default": serve})
    return folder


@dataclass(frozen=True)
class Kind:
    """How a runtime is made, the folder that it loads, the file in it to be corrupted, and what it does not see.

    No file for the fake, which reads none, and for TensorFlow in a child process: one more import of it would take
    5 s to show what TensorFlow in the process and ONNX Runtime in a child show together.
    """

    make: Callable[[], Runtime]
    folder: Path | None
    file: str | None
    checks_indices: bool = True
    gives_gradients: bool = True


KINDS = {
    "fake": (None, None, True),
    "onnx": ("onnx_model", "model.onnx", True),
    "onnx in a child process": ("onnx_model", "model.onnx", True),
    "openvino": ("onnx_model", "model.onnx", False),
    "openvino with a SavedModel": ("tensorflow_model", "saved_model.pb", False),
    "tensorflow in this process": ("tensorflow_model", "saved_model.pb", True),
    "tensorflow-xla in this process": ("tensorflow_model", "saved_model.pb", False),
    "tensorflow": ("tensorflow_model", None, True),
    "tensorflow-xla": ("tensorflow_model", None, False),
}
"""Each kind's model, its file, and whether it refuses an index out of range."""


def _maker(kind: str) -> Callable[[], Runtime]:
    """What makes a runtime of this kind."""
    if kind == "fake":
        return lambda: FakeRuntime(SIGNATURE, _answer)
    if kind == "onnx in a child process":
        return lambda: ProcessRuntime("app.inference.runtimes.onnx:OnnxRuntime", 1)
    if kind.endswith("in this process"):
        from app.inference.runtimes.savedmodel import SavedModelRuntime, compiled_runtime

        return SavedModelRuntime if kind.startswith("tensorflow ") else lambda: compiled_runtime(1)
    return lambda: make_runtime(kind.partition(" ")[0], 1)


@pytest.fixture(scope="module", params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> Kind:
    """Every runtime in turn; skips those whose package is not installed."""
    model, file, checks_indices = KINDS[request.param]
    if request.param.startswith("openvino"):
        pytest.importorskip("openvino", reason="the runtime needs the openvino extra")
    folder = request.getfixturevalue(model) if model else None
    gives_gradients = request.param.startswith(("tensorflow", "fake"))
    return Kind(_maker(request.param), folder, file, checks_indices, gives_gradients)


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


@pytest.fixture(scope="session")
def reference() -> Callable[[Tensors], dict[str, Array]]:
    """The model in numpy."""
    return _answer


@pytest.fixture(scope="session")
def batch() -> Callable[..., dict[str, Array]]:
    """Rows for the model, the same each time, with `length` counts each."""

    def make(rows: int, length: int = 2) -> dict[str, Array]:
        random = np.random.default_rng(rows * 100 + length)
        return {
            "values": random.normal(size=(rows, 3)).astype(np.float32),
            "ids": random.integers(0, 4, rows).astype(np.int32),
            "counts": random.integers(-1000, 1000, (rows, length)),
            "flags": random.integers(0, 2, (rows, 2)).astype(bool),
        }

    return make


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
