"""The benchmark's load: `horngate bench`'s generator on a server of the benchmark."""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from app.bench.tally import Counts
from scripts.benchmark.load import Loader, Run
from scripts.benchmark.processes import Server


class Handler(BaseHTTPRequestHandler):
    """Answers every second request with 429."""

    protocol_version = "HTTP/1.1"
    bodies: ClassVar[list[bytes]] = []

    def do_POST(self):
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200 if len(self.bodies) % 2 else 429)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    """A server of the benchmark, in this very process."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield Server("tiny", f"http://127.0.0.1:{http.server_port}/predict/sentiment", os.getpgid(0), 0.1)
        http.shutdown()
        thread.join()


def test_a_run_loads_the_server_and_counts_its_cpu_time(server):
    with Loader(server, {"text": "好"}) as loader:
        run = loader.run(1, 0.3)
    assert set(Handler.bodies) == {'{"text": "好"}'.encode()}
    assert run.rate > 0
    assert run.errors > 0
    assert run.p50_ms <= run.p99_ms
    assert run.cpu_us >= 0


def test_whatever_was_not_answered_with_2xx_is_an_error():
    counts = Counts(due=10, answered=8, seconds=2.0, timeouts=1)
    counts.statuses.update({200: 6, 429: 2})
    counts.errors["connection refused"] = 1
    counts.accepted.record(0.004)
    run = Run.of(counts, cpu_seconds=0.016)
    assert (run.rate, run.errors, run.cpu_us) == (4.0, 4, pytest.approx(2000))
    assert (run.p50_ms, run.p99_ms) == (4.0, 4.0)


def test_a_run_without_answers_has_no_rate():
    assert Run.of(Counts(), cpu_seconds=0.0) == Run(0.0, 0.0, 0.0, 0.0, 0)
