"""The supervisor in this very process; tests/end_to_end runs it as a command."""

import json
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Process

from app.cli import main
from app.errors import SettingsInvalid
from app.observability.logging import configure_logging
from app.server import Supervisor, _bind, run_server
from app.settings import Settings


@pytest.fixture(autouse=True)
def temporary(bare_environment: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go; what a server does to its process's signals ends with the test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    yield tmp_path
    for number, handler in handlers.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def ask_and_end(eventually: Callable[..., Any]) -> Iterator[Callable[[int, list[Any]], None]]:
    """Starts a thread that waits until the port answers, asks for a prediction, and sends this process SIGTERM."""
    threads = []

    def start(port: int, answers: list[Any]) -> None:
        threads.append(threading.Thread(target=ask, args=(port, answers)))
        threads[-1].start()

    def ask(port: int, answers: list[Any]) -> None:
        url = f"http://127.0.0.1:{port}"
        try:
            eventually(lambda: is_ready(f"{url}/health/ready"))
            answers.append(httpx.post(f"{url}/predict/sentiment", json={"text": "good"}, timeout=30).json()["label"])
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    yield start
    for thread in threads:
        thread.join(30)


def is_ready(url: str) -> bool:
    try:
        return httpx.get(url, timeout=30).status_code == 200
    except httpx.TransportError:
        return False


def test_it_serves_until_sigterm_and_leaves_no_folder_behind(
    tiny_models: Path,
    temporary: Path,
    ask_and_end: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    port, answers = free_port(), []
    ask_and_end(port, answers)
    options = ["--port", str(port), "--workers", "1", "--models-dir", str(tiny_models)]
    monkeypatch.setattr("sys.argv", ["horngate", "serve", *options])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert answers == ["positive"]
    assert list(temporary.iterdir()) == []
    first = json.loads(capsys.readouterr().err.splitlines()[0])
    assert (first["message"], first["url"]) == ("listening", f"http://127.0.0.1:{port}")


def test_who_reads_that_it_listens_may_connect_though_no_worker_is_there_yet() -> None:
    with _bind("127.0.0.1", 0) as listener:
        socket.create_connection(listener.getsockname(), 30).close()


def test_workers_that_cannot_start_end_the_server(tiny_models: Path, temporary: Path) -> None:
    os.environ["HORNGATE_TYPO"] = "1"
    assert run_server(Settings(models_dir=tiny_models, port=0, workers=1)) == STARTUP_FAILURE
    assert list(temporary.iterdir()) == []


def test_a_worker_that_does_not_end_is_killed(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")
    config = uvicorn.Config("app.worker:application", factory=True, workers=2, log_config=None)
    supervisor = Supervisor(config, [], patience_seconds=0.05)
    fork = multiprocessing.get_context("fork")
    ended, hanging = fork.Process(target=os.getpid), fork.Process(target=hang)
    for process in (ended, hanging):
        worker = Process(config, [])
        worker.process = process
        supervisor.processes.append(worker)
        process.start()
    ended.join()
    supervisor.terminate_all()
    supervisor.join_all()
    assert hanging.exitcode == -signal.SIGKILL
    (line,) = [line for line in map(json.loads, capsys.readouterr().err.splitlines()) if line["level"] == "error"]
    assert (line["message"], line["pid"]) == ("worker did not end and is killed", hanging.pid)


def hang() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        signal.pause()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_address_in_use_is_an_error_of_the_settings(host: str, temporary: Path) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if family is socket.AF_INET6 and not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with socket.create_server((host, 0), family=family) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsInvalid, match=f"cannot listen on {host}:{port}: Address already in use; set ano"):
            run_server(Settings(host=host, port=port))
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("shares", [False, True])
def test_a_grpc_port_in_use_is_an_error_of_the_settings_even_where_it_could_be_shared(
    tiny_models: Path, shares: bool
) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, int(shares))
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            SettingsInvalid, match=rf"cannot listen on 127.0.0.1:{port}: .*; set another --host or --grpc-port"
        ):
            run_server(Settings(models_dir=tiny_models, port=0, grpc_port=port, workers=1))
