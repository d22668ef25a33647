"""The child's side, run here instead of in a child."""

import os
import runpy
import signal
import socket
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any

import pytest

from app.errors import InferenceFailed, ModelInvalid
from app.inference.runtimes import child_main
from app.inference.runtimes.child_main import main
from app.inference.runtimes.shared_tensors import TensorReader, TensorWriter, open_memory


@pytest.fixture(autouse=True)
def _signals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process's own signal handlers, as they were."""
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


class Parent:
    """The other side: everything is asked beforehand, for both sides share one thread."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        batches, answers = open_memory(), open_memory()
        self.passed = [str(number) for number in (theirs.detach(), os.dup(batches), os.dup(answers))]
        self._connection = Connection(ours.detach())
        self._batches, self._answers = TensorWriter(batches), TensorReader(answers)

    def ask(self, method: str, argument: Any) -> None:
        self._connection.send((method, self._batches.write(argument) if method == "run" else argument))

    def leave(self) -> None:
        with socket.socket(fileno=os.dup(self._connection.fileno())) as ours:
            ours.shutdown(socket.SHUT_WR)

    def hear(self) -> Any:
        answer = self._connection.recv()
        return self._answers.read(answer, copied=True) if isinstance(answer, list) else answer

    def close(self) -> None:
        for owned in (self._connection, self._batches, self._answers):
            owned.close()


@pytest.fixture
def parent() -> Iterator[Parent]:
    """A parent, closed at the end."""
    parent = Parent()
    yield parent
    parent.close()


def test_every_call_is_answered_until_the_parent_leaves(tmp_path, builder_of, rows, parent):
    parent.ask("load", tmp_path)
    parent.ask("run", rows(1))
    parent.leave()
    main([*parent.passed, builder_of("Doubling"), "5"])
    assert [spec.name for spec in parent.hear().inputs] == ["x"]
    assert parent.hear()["y"].tolist() == [[5]]
    assert (tmp_path / "closed").exists()
    assert signal.getsignal(signal.SIGTERM) is signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_what_goes_wrong_is_an_answer_too(tmp_path, builder_of, rows, parent):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "broken").touch()
    parent.ask("run", rows(1))
    parent.ask("load", tmp_path)
    parent.ask("run", rows(15))
    parent.ask("load", tmp_path / "other")
    parent.leave()
    main([*parent.passed, builder_of("Doubling")])
    nothing, _, raised, broken = (parent.hear() for _ in range(4))
    assert isinstance(nothing, InferenceFailed)
    assert "nothing is loaded" in str(nothing)
    assert isinstance(raised, InferenceFailed)
    assert "ZeroDivisionError: by the model" in str(raised)
    assert isinstance(broken, ModelInvalid)


def test_a_child_that_was_asked_nothing_ends_as_well(tmp_path, builder_of, parent, monkeypatch):
    parent.leave()
    monkeypatch.setattr(sys, "argv", ["child_main", *parent.passed, builder_of("Doubling")])
    runpy.run_path(child_main.__file__, run_name="__main__")
    assert not (tmp_path / "closed").exists()


def test_a_model_that_nobody_waits_for_ends_the_process(monkeypatch: pytest.MonkeyPatch):
    class Ended(BaseException):
        pass

    def end(code: int) -> None:
        raise Ended(code)

    class NeverEnding:
        def wait(self, seconds: float) -> bool:
            return False

    monkeypatch.setattr(os, "_exit", end)
    ours, theirs = socket.socketpair()
    ours.close()
    with pytest.raises(Ended, match="1"):
        child_main._end_when_left(theirs.detach(), NeverEnding())
