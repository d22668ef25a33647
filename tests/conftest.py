"""Small builders that every test may use; the models are made here, so that no test needs a trained one."""

import gzip
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
import pytest
import uvicorn
from fastapi import FastAPI
from onnx import TensorProto, helper, numpy_helper
from prometheus_client.parser import text_string_to_metric_families
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import BertPreTokenizer

from app.errors import InferenceFailed
from app.http.protocol import FastProtocol
from app.inference.batcher import Batcher
from app.inference.pool import Pool
from app.inference.runtimes.fake import FakeRuntime
from app.inference.sizing import Sizing
from app.lifecycle.registry import Registry
from app.lifecycle.running import Running
from app.lifecycle.served_model import ServedModel
from app.repository.manifest import Manifest, Plan, write_manifest
from app.repository.manifest import Tensors as ManifestTensors
from app.repository.scanner import VersionFolder
from app.tasks.tensor import TensorTask
from app.types import Array, Rows, Signature, Tensors, TensorSpec, Timing

WORDS = ["[PAD]", "[UNK]", "good", "bad", "film", "oil", "goal", "好", "坏"]
LENGTH = 6
TOPICS = ("World", "Sports", "Business", "Sci/Tech")
COMMAND = Path(sys.executable).with_name("horngate")

Build = Callable[..., Path]


def _save(
    folder: Path, nodes: list[onnx.NodeProto], inputs: list, outputs: list, weights: dict[str, np.ndarray]
) -> None:
    folder.mkdir(parents=True)
    initializers = [numpy_helper.from_array(array, name) for name, array in weights.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, folder / "model.onnx")


def _tokenizer(folder: Path) -> None:
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))


def _tensor(name: str, kind: int, *shape: int | None) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, ["rows" if size is None else size for size in shape])


def _finish(folder: Path, task: str, inputs: tuple, outputs: tuple, **content: object) -> Path:
    parts = [[dict(zip(("name", "dtype", "shape"), spec, strict=True)) for spec in part] for part in (inputs, outputs)]
    plan = {"runtime": "onnx", "max_batch_rows": 8, "batch_seconds": {"8": 0.0001}}
    write_manifest(
        folder,
        {
            "name": folder.parent.name,
            "version": int(folder.name),
            "task": task,
            "signature": {"inputs": parts[0], "outputs": parts[1]},
            "plan": plan,
            **content,
        },
    )
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A file below the test's folder, of text (UTF-8) or bytes; packed where its name ends in .gz."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
        return path

    return write


@pytest.fixture(scope="session")
def build_sentiment() -> Build:
    """A version folder of a model that finds `good` positive and `bad` negative, in English and Chinese."""

    def build(models: Path, name: str = "sentiment", version: int = 1, **content: object) -> Path:
        folder = models / name / str(version)
        weights = np.array([0, 0, 3, -3, 0, 0, 0, 3, -3], np.float32)
        nodes = [
            helper.make_node("Gather", ["weights", "tokens"], ["values"]),
            helper.make_node("ReduceSum", ["values", "axis"], ["sum"], keepdims=1),
            helper.make_node("Sigmoid", ["sum"], ["probabilities"]),
        ]
        tokens, probabilities = (
            _tensor("tokens", TensorProto.INT32, None, LENGTH),
            _tensor("probabilities", TensorProto.FLOAT, None, 1),
        )
        _save(folder, nodes, [tokens], [probabilities], {"weights": weights, "axis": np.array([1])})
        _tokenizer(folder)
        return _finish(
            folder,
            "sentiment",
            (("tokens", "int32", (None, LENGTH)),),
            (("probabilities", "float32", (None, 1)),),
            **{"labels": ["negative", "positive"], "text": {"length": LENGTH}, "neutral_band": [0.45, 0.55], **content},
        )

    return build


@pytest.fixture(scope="session")
def build_topic() -> Build:
    """A version folder of a model that knows `oil` as Business and `goal` as Sports."""

    def build(models: Path, name: str = "topic", version: int = 1, **content: object) -> Path:
        folder = models / name / str(version)
        weights = np.zeros((len(WORDS), len(TOPICS)), np.float32)
        weights[WORDS.index("oil"), 2] = weights[WORDS.index("goal"), 1] = 5
        nodes = [
            helper.make_node("Gather", ["weights", "tokens"], ["values"]),
            helper.make_node("ReduceSum", ["values", "axis"], ["sum"], keepdims=0),
            helper.make_node("Softmax", ["sum"], ["probabilities"]),
        ]
        tokens = _tensor("tokens", TensorProto.INT32, None, LENGTH)
        probabilities = _tensor("probabilities", TensorProto.FLOAT, None, len(TOPICS))
        _save(folder, nodes, [tokens], [probabilities], {"weights": weights, "axis": np.array([1])})
        _tokenizer(folder)
        return _finish(
            folder,
            "topic",
            (("tokens", "int32", (None, LENGTH)),),
            (("probabilities", "float32", (None, len(TOPICS))),),
            **{"labels": TOPICS, "text": {"length": LENGTH}, **content},
        )

    return build


@pytest.fixture(scope="session")
def build_digit() -> Build:
    """A version folder of a model that tells a lit left half (digit 1) from a lit right half (digit 7)."""

    def build(models: Path, name: str = "digit", version: int = 1, **content: object) -> Path:
        folder = models / name / str(version)
        weights = np.zeros((28, 28, 10), np.float32)
        weights[:, :14, 1] = weights[:, 14:, 7] = 0.1
        nodes = [
            helper.make_node("Flatten", ["pixels"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["sums"]),
            helper.make_node("Softmax", ["sums"], ["probabilities"]),
        ]
        pixels = _tensor("pixels", TensorProto.FLOAT, None, 28, 28, 1)
        probabilities = _tensor("probabilities", TensorProto.FLOAT, None, 10)
        _save(folder, nodes, [pixels], [probabilities], {"weights": weights.reshape(784, 10)})
        return _finish(
            folder,
            "digit",
            (("pixels", "float32", (None, 28, 28, 1)),),
            (("probabilities", "float32", (None, 10)),),
            **content,
        )

    return build


@pytest.fixture(scope="session")
def build_tensor() -> Build:
    """A version folder of a model that adds two float rows and multiplies an integer by three."""

    def build(models: Path, name: str = "adder", version: int = 1, **content: object) -> Path:
        folder = models / name / str(version)
        nodes = [
            helper.make_node("Add", ["left", "right"], ["sum"]),
            helper.make_node("Mul", ["count", "three"], ["tripled"]),
        ]
        inputs = [
            _tensor("left", TensorProto.FLOAT, None, 2),
            _tensor("right", TensorProto.FLOAT, None, 2),
            _tensor("count", TensorProto.INT32, None),
        ]
        outputs = [_tensor("sum", TensorProto.FLOAT, None, 2), _tensor("tripled", TensorProto.INT32, None)]
        _save(folder, nodes, inputs, outputs, {"three": np.array(3, np.int32)})
        return _finish(
            folder,
            "tensor",
            (("left", "float32", (None, 2)), ("right", "float32", (None, 2)), ("count", "int32", (None,))),
            (("sum", "float32", (None, 2)), ("tripled", "int32", (None,))),
            **content,
        )

    return build


@pytest.fixture(scope="session")
def tiny_models(
    tmp_path_factory: pytest.TempPathFactory,
    build_sentiment: Build,
    build_topic: Build,
    build_digit: Build,
    build_tensor: Build,
) -> Path:
    """A models folder with one version of each; read only."""
    models = tmp_path_factory.mktemp("models")
    for build in (build_sentiment, build_topic, build_digit, build_tensor):
        build(models)
    return models


GRAPH_DTYPES = {TensorProto.INT32: "int32", TensorProto.FLOAT: "float32", TensorProto.STRING: "string"}


def _write_graph(models: Path, name: str, nodes: list, inputs: dict, outputs: dict, **content: object) -> None:
    folder = models / name / "1"
    folder.mkdir(parents=True)
    parts = [
        [helper.make_tensor_value_info(tensor, kind, ["rows", *shape]) for tensor, (kind, shape) in specs.items()]
        for specs in (inputs, outputs)
    ]
    made = [node if isinstance(node, onnx.NodeProto) else helper.make_node(*node) for node in nodes]
    graph = helper.make_graph(made, name, *parts)
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), folder / "model.onnx"
    )
    signature = [
        [
            {"name": tensor, "dtype": GRAPH_DTYPES[kind], "shape": (None, *shape)}
            for tensor, (kind, shape) in specs.items()
        ]
        for specs in (inputs, outputs)
    ]
    plan = {"runtime": "onnx", "max_batch_rows": 8, "batch_seconds": {"8": 0.0001}}
    write_manifest(
        folder,
        {
            "name": name,
            "version": 1,
            "task": "tensor",
            "signature": {"inputs": signature[0], "outputs": signature[1]},
            "plan": plan,
            **content,
        },
    )


@pytest.fixture(scope="session")
def simple_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`simple` adds and subtracts, `simple_string` the same in words, the others give back what they get.

    The places of `scores` have labels.
    """
    models = tmp_path_factory.mktemp("simple")
    pair = {"INPUT0": (TensorProto.INT32, (16,)), "INPUT1": (TensorProto.INT32, (16,))}
    _write_graph(
        models,
        "simple",
        [("Add", ["INPUT0", "INPUT1"], ["OUTPUT0"]), ("Sub", ["INPUT0", "INPUT1"], ["OUTPUT1"])],
        pair,
        {name.replace("IN", "OUT"): spec for name, spec in pair.items()},
    )
    words = {name: (TensorProto.STRING, shape) for name, (_, shape) in pair.items()}
    _write_graph(
        models,
        "simple_string",
        [
            *(_cast(f"INPUT{place}", f"number{place}", TensorProto.INT32) for place in range(2)),
            ("Add", ["number0", "number1"], ["sum"]),
            ("Sub", ["number0", "number1"], ["difference"]),
            *(_cast(name, f"OUTPUT{place}", TensorProto.STRING) for place, name in enumerate(("sum", "difference"))),
        ],
        words,
        {name.replace("IN", "OUT"): spec for name, spec in words.items()},
    )
    for name, kind, size, labels in (
        ("simple_identity", TensorProto.STRING, None, []),
        ("floats", TensorProto.FLOAT, None, []),
        ("scores", TensorProto.FLOAT, 3, ["cat", "dog", "eel"]),
    ):
        inputs, outputs = ({name: (kind, (size,))} for name in ("INPUT0", "OUTPUT0"))
        _write_graph(models, name, [("Identity", ["INPUT0"], ["OUTPUT0"])], inputs, outputs, labels=labels)
    return models


def _cast(given: str, gives: str, kind: int) -> onnx.NodeProto:
    return helper.make_node("Cast", [given], [gives], to=kind)


@pytest.fixture(scope="session")
def saved_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds only a SavedModel: doubles `values`, looks up the squares of `ids` from 0 to 3."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
        tf = pytest.importorskip("tensorflow", reason="the runtime needs the tensorflow extra")
    with suppress(RuntimeError):  # where another test has used TensorFlow before
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)

    class Squares(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.squares = tf.Variable([0.0, 1.0, 4.0, 9.0])

        @tf.function(
            input_signature=[
                tf.TensorSpec((None, 3), tf.float32, name="values"),
                tf.TensorSpec((None,), tf.int32, name="ids"),
            ]
        )
        def serve(self, values: object, ids: object) -> dict[str, object]:
            return {"doubled": values * 2, "picked": tf.gather(self.squares, ids)}

    folder = tmp_path_factory.mktemp("saved_model")
    module = Squares()
    tf.saved_model.save(module, str(folder), signatures={"serving_default": module.serve})
    return folder


@pytest.fixture(autouse=True)
def _restore_logging() -> Iterator[None]:
    """What a test does to the root logger ends with it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def lines_of() -> Callable[[str], list[dict[str, object]]]:
    """JSON lines as objects."""
    return lambda text: [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@dataclass
class RecordingObserver:
    """Keeps what it is told."""

    batches: list[int] = field(default_factory=list)
    queue: list[int] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    rejections: list[str] = field(default_factory=list)
    cells: list[tuple[int, int]] = field(default_factory=list)

    def batch_ran(self, rows: int) -> None:
        self.batches.append(rows)

    def queue_changed(self, rows: int) -> None:
        self.queue.append(rows)

    def answered(self, timing: Timing, labels: Sequence[str]) -> None:
        self.timings.append(timing)
        self.labels.extend(labels)

    def cells_served(self, cells: int, padding: int) -> None:
        self.cells.append((cells, padding))

    def rejected(self, reason: str) -> None:
        self.rejections.append(reason)


@pytest.fixture
def observer() -> RecordingObserver:
    """An observer whose lists tell what happened."""
    return RecordingObserver()


@dataclass
class DoublingModel:
    """Doubles its rows of `x` into `y`, on any number of instances; hangs while told to, fails on the rows it hates.

    `ran` lists the first column of every batch. `entered` counts the batches that began.
    """

    signature = Signature((TensorSpec("x", "float32", (None, None)),), (TensorSpec("y", "float32", (None, None)),))

    hated: frozenset[float] = frozenset()
    ran: list[list[float]] = field(default_factory=list)
    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def answer(self, tensors: Tensors) -> dict[str, Array]:
        first = tensors["x"][:, 0].tolist()
        self.ran.append(first)
        self.entered.release()
        if not self.gate.wait(30):
            raise TimeoutError
        if self.hated.intersection(first):
            raise InferenceFailed("a row that the model hates")
        return {"y": tensors["x"] * 2}

    @staticmethod
    def rows(*firsts: float, width: int = 1) -> dict[str, Array]:
        """Rows that begin with these numbers."""
        return {"x": np.repeat(np.array(firsts, np.float32)[:, np.newaxis], width, axis=1)}

    @classmethod
    def request(cls, *firsts: float, width: int = 1) -> Rows:
        """The same rows as one request brings them."""
        return Rows((cls.rows(*firsts, width=width),))


@pytest.fixture
def doubling() -> Iterator[DoublingModel]:
    """The model behind `batcher_of`; whatever hangs in it is let go at the end."""
    model = DoublingModel()
    yield model
    model.gate.set()


@pytest.fixture
def batcher_of(doubling: DoublingModel, observer: RecordingObserver) -> Iterator[Callable[..., Batcher]]:
    """Makes a real batcher over a real pool of fake runtimes, all of which are the doubling model."""
    pools = []

    def make(*, instances: int = 1, inline: bool = False, max_batch_rows: int = 8, max_queue_rows: int = 64) -> Batcher:
        runtimes = [FakeRuntime(doubling.signature, doubling.answer) for _ in range(instances)]
        pools.append(Pool(runtimes))
        sizing = Sizing(max_batch_rows, seconds={max_batch_rows: 1e-6} if inline else {})
        return Batcher(pools[-1], doubling.signature, observer, sizing=sizing, max_queue_rows=max_queue_rows)

    yield make
    doubling.gate.set()
    for pool in pools:
        pool.close()


@dataclass
class Held:
    """A tensor model, `held/1`, whose every batch, one row each, waits for `release`; `started` says that one does.

    It fails on rows below zero. `seen` lists every batch.
    """

    started: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)
    seen: list[list[float]] = field(default_factory=list)

    def answer(self, tensors: Tensors) -> dict[str, Array]:
        self.seen.append(tensors["value"].tolist())
        self.started.set()
        if not self.release.wait(30):
            raise TimeoutError
        if tensors["value"].min() < 0:
            raise InferenceFailed("a row that the model hates")
        return {"value": tensors["value"]}

    def serve_in(self, app: FastAPI, max_queue_rows: int = 4) -> ServedModel:
        signature = Signature(*[(TensorSpec("value", "float32", (None,)),)] * 2)
        plan = Plan(runtime="onnx", max_batch_rows=1)
        specs = ManifestTensors.of(signature)
        manifest = Manifest(name="held", version=1, task="tensor", signature=specs, plan=plan, files={})
        pool = Pool([FakeRuntime(signature, self.answer)])
        observer = app.user_middleware[0].kwargs["observer"].metrics.observe_model("held", 1)
        batcher = Batcher(pool, signature, observer, sizing=Sizing(1), max_queue_rows=max_queue_rows)
        folder = VersionFolder("held", 1, Path("held/1"))
        task, running = TensorTask(signature), Running.of(plan)
        model = ServedModel(folder, manifest, signature, task, batcher, pool, observer, running)
        _registry_of(app).add("held", [model], 1, {})
        return model


@pytest.fixture
def held() -> Iterator[Held]:
    """A model to be served that holds every batch until the test lets it go."""
    held = Held()
    yield held
    held.release.set()


def _registry_of(app: FastAPI) -> Registry:
    return app.router.routes[0].endpoint._registry


@pytest.fixture(scope="session")
def registry_of() -> Callable[[FastAPI], Registry]:
    """An application's registry, from its prediction route."""
    return _registry_of


@pytest.fixture(scope="session")
def serving_on() -> Callable[[FastAPI, socket.socket], AbstractContextManager[None]]:
    """Serves an application on a bound socket, as a worker does, on a thread, until the block ends."""

    @contextmanager
    def serve(app: FastAPI, bound: socket.socket) -> Iterator[None]:
        config = uvicorn.Config(
            app, log_config=None, access_log=False, loop="uvloop", http=FastProtocol, ws="none", proxy_headers=False
        )
        server = uvicorn.Server(config)
        bound.listen()
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(30)
        assert not thread.is_alive()

    return serve


@pytest.fixture
def bare_environment() -> Iterator[None]:
    """No setting of the server's in the environment, and afterwards the environment as it was."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(("HORNGATE_", "PROMETHEUS_")):
            del os.environ[name]
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture(scope="session")
def environment_of() -> Callable[..., dict[str, str]]:
    """The environment of a command: ours without any setting of the server's, and a folder for its temporary files."""

    def make(temporary: Path, more: dict[str, str] | None = None) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HORNGATE_", "PROMETHEUS_"))}
        return {**kept, "TMPDIR": str(temporary), **(more or {})}

    return make


@pytest.fixture(scope="session")
def running(
    environment_of: Callable[..., dict[str, str]],
) -> Callable[..., AbstractContextManager[subprocess.Popen[bytes]]]:
    """Runs the command in a process group of its own until the block ends, which kills whatever is left of the group.

    What it says goes into the folder's file `log`, its temporary files into the folder's `tmp`.
    """

    @contextmanager
    def run(folder: Path, *words: object, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
        (folder / "tmp").mkdir()
        arguments = [COMMAND, *map(str, words)]
        environment = environment_of(folder / "tmp", env)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(arguments, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(120)

    return run


@pytest.fixture(scope="session")
def eventually() -> Callable[..., object]:
    """Asks until the answer is true, and gives it; fails when it never is: so one waits for another process."""

    def ask(question: Callable[[], object], seconds: float = 30.0) -> object:
        deadline = time.monotonic() + seconds
        while not (answer := question()):
            assert time.monotonic() < deadline, f"not within {seconds} s"
            time.sleep(0.01)
        return answer

    return ask


@pytest.fixture(scope="session")
def sum_of() -> Callable[..., float]:
    """The sum of a metric's samples that have these labels, from the text that Prometheus scrapes."""

    def add(text: str, name: str, **labels: str) -> float:
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return sum(
            sample.value for sample in samples if sample.name == name and labels.items() <= sample.labels.items()
        )

    return add
