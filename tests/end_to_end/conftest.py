"""The real command in a process group of its own, and what can be seen of it from outside."""

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import onnx
import pytest
from onnx import TensorProto, helper

from app.repository.manifest import write_manifest

COMMAND = Path(sys.executable).with_name("horngate")


class Server:
    """A running `horngate serve`."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.process = process
        self.log = folder / "log"
        self.temporary = folder / "tmp"

    def lines(self, **fields: object) -> list[dict[str, Any]]:
        """The log's lines that have these fields; a line that is no JSON fails the test."""
        whole = self.log.read_bytes().rpartition(b"\n")[0].splitlines()
        parsed = [json.loads(line) for line in whole]
        return [line for line in parsed if fields.items() <= line.items()]

    @property
    def url(self) -> str:
        """Where it answers, from its own log line; empty before there is one."""
        return next((line["url"] for line in self.lines(message="listening")), "")

    @property
    def address(self) -> tuple[str, int]:
        """The same for a socket."""
        url = httpx.URL(self.url)
        return url.host, url.port

    def workers(self) -> set[int]:
        """The living worker processes."""
        return self.group() - {self.process.pid}

    def group(self) -> set[int]:
        """Every living process of the server's group, zombies aside."""
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            state = _read(int(folder.name), "stat").rpartition(b")")[2].split()
            if state and int(state[2]) == self.process.pid and state[0] != b"Z":
                found.add(int(folder.name))
        return found

    def get(self, path: str, **options: Any) -> httpx.Response:
        """A request on a connection of its own."""
        return httpx.get(f"{self.url}{path}", timeout=30, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        """The same, with a body."""
        return httpx.post(f"{self.url}{path}", timeout=30, **options)

    def terminate(self) -> int:
        """Ask it to end, and wait until it has."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def _read(pid: int, name: str) -> bytes:
    """A file of `/proc`, empty where the process has ended."""
    with contextlib.suppress(OSError):
        return (Path("/proc") / str(pid) / name).read_bytes()
    return b""


Serve = Callable[..., AbstractContextManager[Server]]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory, running: Any, eventually: Callable[..., Any]) -> Serve:
    """Runs the command over a models folder until the block ends; when it begins, every worker has loaded."""

    @contextmanager
    def run(models: Path, *, workers: int = 2, env: dict[str, str] | None = None) -> Iterator[Server]:
        folder = tmp_path_factory.mktemp("server")
        options = ["--port", 0, "--workers", workers, "--models-dir", models]
        with running(folder, "serve", *options, env=env) as process:
            server = Server(process, folder)
            eventually(lambda: len(server.lines(message="Application startup complete.")) == workers, 60)
            yield server

    return run


@pytest.fixture(scope="session")
def command(environment_of: Callable[..., dict[str, str]]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command to its end, its temporary files in a folder."""

    def run(*words: str, env: dict[str, str] | None = None, folder: Path) -> subprocess.CompletedProcess[str]:
        environment = environment_of(folder, env)
        return subprocess.run(
            [COMMAND, *words], env=environment, text=True, capture_output=True, timeout=60, check=False
        )

    return run


@pytest.fixture(scope="session")
def build_slow() -> Callable[..., Path]:
    """A version folder of a model that takes as many steps as a request says, a fraction of a millisecond each."""

    def build(models: Path, *, inline: bool = False) -> Path:
        folder = models / "slow" / "1"
        folder.mkdir(parents=True)
        onnx.save(_slow_graph(), folder / "model.onnx")
        spec = {"dtype": "int64", "shape": (None,)}
        signature = {"inputs": [{"name": "steps", **spec}], "outputs": [{"name": "done", **spec}]}
        plan = {"runtime": "onnx", "max_batch_rows": 1, "batch_seconds": {"1": 0.0001 if inline else 1.0}}
        write_manifest(folder, {"name": "slow", "version": 1, "task": "tensor", "signature": signature, "plan": plan})
        return folder

    return build


def _slow_graph() -> onnx.ModelProto:
    """`done = steps`, after that many sines of a long vector."""
    info = helper.make_tensor_value_info
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"]), helper.make_node("Sin", ["x"], ["y"])],
        "step",
        [info("i", TensorProto.INT64, []), info("go", TensorProto.BOOL, []), info("x", TensorProto.FLOAT, [50_000])],
        [info("on", TensorProto.BOOL, []), info("y", TensorProto.FLOAT, [50_000])],
    )
    start = helper.make_tensor("start", TensorProto.FLOAT, [50_000], [1.0] * 50_000)
    nodes = [
        helper.make_node("ReduceMax", ["steps"], ["most"], keepdims=0),
        helper.make_node("Loop", ["most", "", "start"], ["end"], body=body),
        helper.make_node("ReduceMin", ["end"], ["least"], keepdims=0),
        helper.make_node("Floor", ["least"], ["floor"]),
        helper.make_node("Cast", ["floor"], ["zero"], to=TensorProto.INT64),
        helper.make_node("Mul", ["zero", "nought"], ["nothing"]),
        helper.make_node("Add", ["steps", "nothing"], ["done"]),
    ]
    nought = helper.make_tensor("nought", TensorProto.INT64, [], [0])
    inputs, outputs = [info("steps", TensorProto.INT64, ["rows"])], [info("done", TensorProto.INT64, ["rows"])]
    graph = helper.make_graph(nodes, "slow", inputs, outputs, [start, nought])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
