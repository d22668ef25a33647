"""What each worker process runs."""

import ctypes
import json
import logging
import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from uvicorn.config import STARTUP_FAILURE

from app.observability.logging import JsonFormatter
from app.worker import PR_SET_PDEATHSIG, application, end_with


@pytest.fixture(autouse=True)
def _environment(bare_environment: None, tmp_path: Path) -> None:
    os.environ["HORNGATE_MODELS_DIR"] = str(tmp_path)


@pytest.fixture
def terminated() -> Iterator[list[int]]:
    """The SIGTERMs that this process gets."""
    numbers: list[int] = []
    previous = signal.signal(signal.SIGTERM, lambda number, _: numbers.append(number))
    yield numbers
    signal.signal(signal.SIGTERM, previous)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, 0)


def test_the_application_has_the_settings_of_its_environment_and_logs_as_they_say(
    terminated: list[int],
) -> None:
    os.environ |= {"HORNGATE_LOG_LEVEL": "warning", "HORNGATE_ACCESS_LOG": "false"}
    app = application()
    assert app.user_middleware[0].kwargs["observer"]._access_log is None
    root = logging.getLogger()
    assert root.level == logging.WARNING
    assert isinstance(root.handlers[0].formatter, JsonFormatter)
    assert terminated == []


def test_settings_that_are_not_valid_end_the_start_for_good(capsys: pytest.CaptureFixture[str]) -> None:
    os.environ["HORNGATE_MODEL_DIR"] = "models"
    with pytest.raises(SystemExit) as ended:
        application()
    assert ended.value.code == STARTUP_FAILURE
    line = json.loads(capsys.readouterr().err)
    assert line["message"] == "the worker cannot start"
    assert line["reason"] == "there is no setting HORNGATE_MODEL_DIR; did you mean HORNGATE_MODELS_DIR?"


def test_a_worker_lives_with_its_supervisor_and_ends_where_that_is_gone(terminated: list[int]) -> None:
    end_with(os.getppid())
    assert terminated == []
    end_with(os.getppid() + 1)
    assert terminated == [signal.SIGTERM]


def test_a_worker_s_parent_is_its_supervisor(terminated: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    gone = SimpleNamespace(pid=os.getppid() + 1)
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: gone)
    application()
    assert terminated == [signal.SIGTERM]


def test_where_the_kernel_has_no_such_wish_a_worker_still_serves(
    terminated: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    end_with(os.getppid())
    assert terminated == []


def worker(connection: object) -> None:
    """A child that is a worker, and tells which signal it gets when its parent ends."""
    application()
    number = ctypes.c_int()
    ctypes.CDLL(None).prctl(2, ctypes.byref(number))
    connection.send(number.value)


def test_the_kernel_is_asked_to_end_the_worker_with_its_supervisor() -> None:
    ours, theirs = multiprocessing.Pipe()
    with ours, theirs:
        child = multiprocessing.get_context("fork").Process(target=worker, args=(theirs,))
        child.start()
        assert ours.poll(60)
        assert ours.recv() == signal.SIGTERM
        child.join(60)
    assert child.exitcode == 0
