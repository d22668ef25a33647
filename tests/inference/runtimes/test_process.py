"""A runtime in a child process: what its death, and its parent's, mean."""

import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from app.errors import InferenceFailed, ModelInvalid
from app.inference.isolation import run_isolated
from app.inference.runtimes import process
from app.inference.runtimes.process import ProcessRuntime, main
from app.types import Signature, TensorSpec

SIGNATURE = Signature((TensorSpec("x", "float32", (None, 1)),), (TensorSpec("y", "float32", (None, 1)),))

BUILDERS = """
import os, signal
from pathlib import Path
from app.errors import ModelInvalid
from app.types import Signature, TensorSpec

class Doubling:
    def __init__(self, factor=2):
        self.factor = factor

    def load(self, folder):
        self.folder = Path(folder)
        if (self.folder / "broken").exists():
            raise ModelInvalid("the folder is broken")
        return Signature((TensorSpec("x", "float32", (None, 1)),), (TensorSpec("y", "float32", (None, 1)),))

    def run(self, tensors):
        if (tensors["x"] == 13).any():
            os.kill(os.getpid(), signal.SIGKILL)
        if (tensors["x"] == 14).any():
            (self.folder / "entered").open("w").close()
            signal.pause()
        if (tensors["x"] == 15).any():
            raise ZeroDivisionError("by the model")
        return {"y": tensors["x"] * self.factor}

    def close(self):
        (self.folder / "closed").touch()

class Dying:
    def load(self, folder):
        os._exit(7)
"""


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProcessRuntime]:
    """A child that doubles; 13 kills it, 14 hangs it, 15 makes it raise."""
    runtime = ProcessRuntime(builder(tmp_path, monkeypatch, "Doubling"))
    yield runtime
    runtime.close()


def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> str:
    """The name of one of the classes above, in a module that a child can import."""
    (tmp_path / "doubling_builders.py").write_text(BUILDERS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    return f"doubling_builders:{name}"


def rows(*values: float) -> dict[str, np.ndarray]:
    return {"x": np.array(values, np.float32)[:, np.newaxis]}


def test_the_builders_numbers_reach_the_child(tmp_path, monkeypatch):
    runtime = ProcessRuntime(builder(tmp_path, monkeypatch, "Doubling"), 3)
    assert runtime.pid is None
    assert runtime.load(tmp_path) == SIGNATURE
    assert runtime.run(rows(2))["y"].tolist() == [[6]]
    runtime.close()
    assert runtime.pid is None
    assert (tmp_path / "closed").exists()


def test_a_child_that_is_killed_fails_its_batch_and_a_new_one_serves_the_next(runtime, tmp_path):
    runtime.load(tmp_path)
    first = runtime.pid
    with pytest.raises(InferenceFailed, match="exit code -9"):
        runtime.run(rows(13))
    assert runtime.run(rows(4))["y"].tolist() == [[8]]
    assert runtime.pid not in {None, first}


def test_a_child_that_is_killed_between_batches_is_replaced(runtime, tmp_path):
    runtime.load(tmp_path)
    os.kill(runtime.pid, signal.SIGKILL)
    with pytest.raises(InferenceFailed, match="exit code -9"):
        runtime.run(rows(1))
    assert runtime.run(rows(1))["y"].tolist() == [[2]]


def test_a_row_that_kills_the_child_fails_alone(runtime, tmp_path):
    runtime.load(tmp_path)
    outcomes = run_isolated(runtime, SIGNATURE, [rows(number) for number in (11, 12, 13, 14.5)])
    assert [isinstance(outcome, InferenceFailed) for outcome in outcomes] == [False, False, True, False]


def test_a_child_that_cannot_start_again_is_tried_again_at_the_next_batch(runtime, tmp_path):
    runtime.load(tmp_path)
    (tmp_path / "broken").touch()
    with pytest.raises(InferenceFailed, match="exit code"):
        runtime.run(rows(13))
    for _ in range(2):
        with pytest.raises(InferenceFailed, match="cannot be started again: the folder is broken"):
            runtime.run(rows(1))
    (tmp_path / "broken").unlink()
    assert runtime.run(rows(1))["y"].tolist() == [[2]]


def test_a_failed_load_leaves_no_child(runtime, tmp_path):
    (tmp_path / "broken").touch()
    with pytest.raises(ModelInvalid, match="the folder is broken"):
        runtime.load(tmp_path)
    assert runtime.pid is None


@pytest.mark.parametrize(
    ("name", "message"), [("Dying", "exit code 7"), ("Absent", "AttributeError"), ("Doubling.x", "AttributeError")]
)
def test_a_child_that_cannot_load_is_an_invalid_model(tmp_path, monkeypatch, name, message):
    runtime = ProcessRuntime(builder(tmp_path, monkeypatch, name))
    with pytest.raises(ModelInvalid, match=message):
        runtime.load(tmp_path)
    assert runtime.pid is None


def test_what_the_child_raises_is_named(runtime, tmp_path):
    runtime.load(tmp_path)
    with pytest.raises(InferenceFailed, match="ZeroDivisionError: by the model"):
        runtime.run(rows(15))


def test_a_question_without_a_child_fails(runtime):
    with pytest.raises(InferenceFailed, match="not running"):
        runtime._ask("run", rows(1))


def test_closing_ends_a_child_that_hangs_and_fails_what_it_ran_without_another(runtime, tmp_path, monkeypatch):
    monkeypatch.setattr(process, "CLOSE_SECONDS", 0.05)
    os.mkfifo(tmp_path / "entered")
    runtime.load(tmp_path)
    outcomes = []
    parts = [rows(14), rows(1), rows(2)]
    thread = threading.Thread(target=lambda: outcomes.extend(run_isolated(runtime, SIGNATURE, parts)))
    thread.start()
    (tmp_path / "entered").open().close()
    runtime.close()
    thread.join(30)
    assert [str(outcome) for outcome in outcomes] == ["the runtime is closed"] * 3
    assert runtime.pid is None


def test_a_signal_to_the_group_leaves_the_child_to_its_parent(runtime, tmp_path):
    runtime.load(tmp_path)
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(runtime.pid, number)
    assert runtime.run(rows(1))["y"].tolist() == [[2]]


PARENT = """
import sys
from pathlib import Path
from app.inference.runtimes.process import ProcessRuntime
runtime = ProcessRuntime("doubling_builders:Doubling")
runtime.load(Path(sys.argv[1]))
print(runtime.pid, flush=True)
sys.stdin.read()
"""


def test_the_child_ends_when_its_parent_is_killed(tmp_path, monkeypatch):
    builder(tmp_path, monkeypatch, "Doubling")
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        child = os.pidfd_open(int(parent.stdout.readline()))
        try:
            parent.kill()
            assert select.select([child], [], [], 30)[0], "the child outlived its parent"
        finally:
            os.close(child)
    assert (tmp_path / "closed").exists()


@pytest.fixture
def signals() -> Iterator[None]:
    """The process's own signal handlers, as they were."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals")
def test_the_childs_side_answers_every_call_until_the_connection_closes(tmp_path, monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    name = builder(tmp_path, monkeypatch, "Doubling")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "broken").touch()
    ours, theirs = socket.socketpair()
    with ours:
        asking = Connection(os.dup(ours.fileno()))
        asking.send(("load", tmp_path))
        asking.send(("run", rows(1)))
        asking.send(("run", rows(15)))
        asking.send(("load", tmp_path / "other"))
        ours.shutdown(socket.SHUT_WR)
        main([str(theirs.detach()), name, "5"])
        signature, outputs, raised, broken = (asking.recv() for _ in range(4))
        asking.close()
    assert signature == SIGNATURE
    assert outputs["y"].tolist() == [[5]]
    assert isinstance(raised, InferenceFailed)
    assert isinstance(broken, ModelInvalid)
    assert (tmp_path / "other" / "closed").exists()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN


@pytest.mark.usefixtures("signals")
def test_a_child_that_was_asked_nothing_ends_as_well(tmp_path, monkeypatch):
    name = builder(tmp_path, monkeypatch, "Doubling")
    ours, theirs = socket.socketpair()
    ours.close()
    monkeypatch.setattr(sys, "argv", ["process", str(theirs.detach()), name])
    runpy.run_path(process.__file__, run_name="__main__")
    assert not (tmp_path / "closed").exists()
