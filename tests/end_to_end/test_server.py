"""`horngate serve`, as it is started, watched, broken and stopped."""

import http.client
import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.mmap_dict import MmapedDict

Serve = Callable[..., AbstractContextManager[Any]]
Eventually = Callable[..., Any]
GOOD = {"text": "good film"}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, build_sentiment: Any, build_digit: Any, build_slow: Any) -> Path:
    """Two tiny models, and one that takes as long as it is told."""
    folder = tmp_path_factory.mktemp("models")
    for build in (build_sentiment, build_digit, build_slow):
        build(folder)
    return folder


@pytest.fixture(scope="module")
def server(serve: Serve, models: Path) -> Iterator[Any]:
    """A server of two workers for the tests that only ask."""
    with serve(models) as server:
        yield server


def counted(server: Any, pid: int) -> float:
    """Predictions that one worker has counted."""
    (file,) = server.temporary.glob(f"horngate-metrics-*/counter_{pid}.db")
    values = MmapedDict.read_all_values_from_file(str(file))
    return sum(value for key, value, *_ in values if "/predict/{model}" in key)


def test_several_workers_answer_and_any_of_them_tells_the_sum(
    server: Any, eventually: Eventually, sum_of: Callable[..., float]
) -> None:
    sent = 0

    def everyone_answered() -> bool:
        nonlocal sent
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(lambda _: server.post("/predict/sentiment", json=GOOD), range(32)))
        assert {answer.json()["label"] for answer in answers} == {"positive"}
        sent += len(answers)
        return all(counted(server, pid) for pid in server.workers())

    assert len(server.workers()) == 2
    eventually(everyone_answered)
    eventually(lambda: sum(counted(server, pid) for pid in server.workers()) == sent)
    for _ in range(6):
        text = server.get("/metrics").text
        assert sum_of(text, "horngate_requests_total", route="/predict/{model}", model="sentiment", code="200") == sent
        assert sum_of(text, "horngate_predictions_total", model="sentiment", label="positive") == sent
        assert sum_of(text, "horngate_model_info", model="digit", version="1", runtime="onnx") == 1
        assert sum_of(text, "horngate_ready") == 1


def test_the_log_is_json_with_the_request_id_and_never_what_was_sent(server: Any, eventually: Eventually) -> None:
    secret = "the secret of the horn"
    bodies: list[dict[str, Any]] = [
        {"json": {"text": secret}},
        {"json": {"texts": [secret] * 5000}},
        {"content": secret.encode()},
        {"json": {secret: secret}},
        {"files": {"file": (secret, secret.encode(), "image/png")}},
    ]
    for number, body in enumerate(bodies):
        server.post("/predict/sentiment", headers={"X-Request-ID": f"log-{number}"}, **body)
    # Two workers answer, and each writes its lines when it has time.
    eventually(lambda: all(server.lines(request_id=f"log-{number}") for number in range(len(bodies))))
    statuses = [server.lines(request_id=f"log-{number}")[0]["status"] for number in range(5)]
    assert statuses == [200, 413, 400, 422, 415]
    (line,) = server.lines(request_id="log-0")
    assert set(line) == {
        "time", "level", "logger", "message", "request_id", "method", "route", "status", "milliseconds", "model"
    }  # fmt: skip
    assert secret not in server.log.read_text()


def test_connections_are_kept_alive(server: Any) -> None:
    connection = http.client.HTTPConnection(*server.address, timeout=30)
    connection.connect()
    own = connection.sock.getsockname()
    for _ in range(3):
        connection.request("POST", "/predict/sentiment", json.dumps(GOOD), {"Content-Type": "application/json"})
        assert json.loads(connection.getresponse().read())["label"] == "positive"
        assert connection.sock.getsockname() == own
    connection.close()


class Caller:
    """A request on a socket of its own, whose answer is read later."""

    def __init__(self, address: tuple[str, int], steps: int) -> None:
        self._socket = socket.create_connection(address, timeout=60)
        body = json.dumps({"inputs": [steps]})
        head = f"POST /predict/slow HTTP/1.1\r\nHost: h\r\nContent-Length: {len(body)}\r\n\r\n"
        self._socket.sendall((head + body).encode())

    def is_in_flight(self) -> bool:
        """Whether a worker has taken the connection and read all that was sent, as the kernel tells."""
        own = f":{self._socket.getsockname()[1]:04X}"
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[2].endswith(own):
                return fields[4].endswith(":00000000") and fields[9] != "0"
        return False

    def answer(self) -> tuple[int, Any]:
        """The whole answer."""
        with self._socket, http.client.HTTPResponse(self._socket) as response:
            response.begin()
            return response.status, json.loads(response.read())


def load(server: Any, stop: threading.Event, codes: list[int]) -> None:
    """Ask without a pause, each time on a new connection; one that is not taken any more ends it."""
    while not stop.is_set():
        try:
            codes.append(server.post("/predict/sentiment", json=GOOD).status_code)
        except httpx.TransportError:
            return


def is_refused(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=30).close()
    except ConnectionRefusedError:
        return True
    return False


def test_sigterm_under_load_finishes_what_is_in_flight_and_leaves_nothing(
    serve: Serve, models: Path, eventually: Eventually
) -> None:
    with serve(models) as server:
        stop, codes = threading.Event(), []
        threads = [threading.Thread(target=load, args=(server, stop, codes)) for _ in range(2)]
        for thread in threads:
            thread.start()
        eventually(lambda: len(codes) > 5)
        callers = []
        for _ in range(6):  # one after the other: on a busy machine the first may be answered before the last is read
            callers.append(Caller(server.address, 1000))
            eventually(callers[-1].is_in_flight)
        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: is_refused(server.address))
        assert server.process.poll() is None
        answers = [caller.answer() for caller in callers]
        assert [status for status, _ in answers] == [200] * 6, answers
        assert all(body["predictions"] == [{"outputs": {"done": 1000}}] for _, body in answers)
        assert server.process.wait(30) == 0
        stop.set()
        for thread in threads:
            thread.join(30)
        assert set(codes) == {200}
        eventually(lambda: not server.group())
        assert list(server.temporary.iterdir()) == []
        assert not server.lines(level="error")


def test_a_batch_that_outlasts_every_grace_is_refused_and_the_process_still_ends(
    serve: Serve, models: Path, eventually: Eventually
) -> None:
    with serve(models, workers=1, env={"HORNGATE_DRAIN_SECONDS": "0"}) as server:
        caller = Caller(server.address, 1_000_000)
        eventually(caller.is_in_flight)
        server.process.send_signal(signal.SIGTERM)
        status, body = caller.answer()
        assert (status, body["detail"]) == (503, "the server is shutting down")
        server.process.wait(30)
        eventually(lambda: not server.group())
        assert list(server.temporary.iterdir()) == []


def test_a_worker_that_hangs_on_its_event_loop_is_killed_in_the_end(
    serve: Serve, tmp_path: Path, build_slow: Any, eventually: Eventually
) -> None:
    build_slow(tmp_path, inline=True)
    with serve(tmp_path, workers=1, env={"HORNGATE_DRAIN_SECONDS": "0"}) as server:
        caller = Caller(server.address, 1_000_000)
        eventually(caller.is_in_flight)
        assert server.terminate() == 0
        assert server.lines(level="error", message="worker did not end and is killed")
        eventually(lambda: not server.group())
        assert list(server.temporary.iterdir()) == []
        with pytest.raises(ConnectionError):
            caller.answer()


def test_control_c_ends_it_as_cleanly(serve: Serve, models: Path, eventually: Eventually) -> None:
    with serve(models) as server:
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(30) == 0
        eventually(lambda: not server.group())
        assert list(server.temporary.iterdir()) == []


def test_a_killed_worker_is_replaced_while_the_others_answer(
    serve: Serve, models: Path, eventually: Eventually, sum_of: Callable[..., float]
) -> None:
    with serve(models) as server:
        before = server.workers()
        victim = max(before)
        for _ in range(10):
            server.post("/predict/sentiment", json=GOOD)
        eventually(lambda: sum(counted(server, pid) for pid in before) == 10)
        os.kill(victim, signal.SIGKILL)
        for _ in range(20):
            assert server.post("/predict/sentiment", json=GOOD).status_code == 200
        eventually(lambda: len(server.lines(message="loading is over")) == 3)
        after = eventually(lambda: len(server.workers()) == 2 and server.workers())
        assert victim not in after
        assert before & after
        assert server.post("/predict/sentiment", json=GOOD).status_code == 200
        count = "horngate_requests_total"
        eventually(lambda: sum_of(server.get("/metrics").text, count, model="sentiment", code="200") == 31)
        assert sum_of(server.get("/metrics").text, "horngate_ready") == 1
        assert server.terminate() == 0


def test_no_worker_outlives_a_supervisor_that_was_killed(serve: Serve, models: Path, eventually: Eventually) -> None:
    with serve(models) as server:
        server.process.kill()
        server.process.wait(30)
        eventually(lambda: not server.group())


def test_a_broken_folder_is_named_in_health_and_in_the_log(
    serve: Serve, tmp_path: Path, build_sentiment: Any, build_digit: Any
) -> None:
    build_sentiment(tmp_path)
    (build_digit(tmp_path) / "model.onnx").write_bytes(b"something else")
    with serve(tmp_path, workers=1) as server:
        health = server.get("/health").json()
        reason = "model.onnx has another SHA-256 than manifest.json says; copy the whole folder again"
        assert health["status"] == "degraded"
        assert health["failures"] == [{"folder": "digit/1", "reason": reason}]
        (line,) = server.lines(level="error")
        assert (line["message"], line["folder"]) == ("model folder cannot be served", "digit/1")
        assert line["reason"] == reason
        assert server.post("/predict/sentiment", json=GOOD).status_code == 200
        assert server.post("/predict/digit", json={"pixels": [0] * 784}).status_code == 404


Command = Callable[..., subprocess.CompletedProcess[str]]


def test_a_port_in_use_is_one_clear_line_and_an_exit_code(command: Command, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = command("serve", "--port", str(port), "--models-dir", str(tmp_path), folder=tmp_path)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == (
        f"horngate: cannot listen on 127.0.0.1:{port}: Address already in use; set another --host or --port\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ({"HORNGATE_WORKER": "2"}, "there is no setting HORNGATE_WORKER; did you mean HORNGATE_WORKERS?"),
        ({"HORNGATE_PORT": "http"}, "HORNGATE_PORT: Input should be a valid integer"),
    ],
)
def test_a_setting_that_is_unknown_or_wrong_is_one_clear_line_and_exit_code_2(
    command: Command, tmp_path: Path, env: dict[str, str], message: str
) -> None:
    ended = command("serve", env=env, folder=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"horngate: {message}")
    assert ended.stderr.count("\n") == 1
