"""A small HTTP server on a thread of its own, runs of wrk that never were, and models that no test trained."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scripts.benchmark.processes import Server
from scripts.benchmark.sections.measured import Measured
from scripts.benchmark.wrk import Run


class Script:
    """What the server answers: `answer(path, body)` gives status, headers and content; `asked` and `headers` came."""

    def __init__(self, answer) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str, bytes]] = []
        self.headers: list[Message] = []


@contextmanager
def _serving(script: Script) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            script.asked.append((self.command, self.path, body))
            script.headers.append(self.headers)
            status, headers, content = script.answer(self.path, body)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self):
            self.do_POST()

        def log_message(self, *_):
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):
            """Clients may leave."""

    with Quiet(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}"
        finally:
            http.shutdown()
            thread.join()


@pytest.fixture
def serve() -> Iterator[Callable[..., tuple[Server, Script]]]:
    """Starts a server in this very process; its session is none, so that it costs and weighs nothing."""
    with ExitStack() as stack:

        def start(answer=lambda path, body: (200, {}, b"{}"), name: str = "tiny") -> tuple[Server, Script]:
            script = Script(answer)
            return Server(name, stack.enter_context(_serving(script)), -1, 0.5), script

        yield start


@pytest.fixture
def run_of() -> Callable[..., Run]:
    """A run with these figures."""

    def make(rate: float = 100.0, p50: float = 1.0, p99: float = 2.0, cpu: float = 300.0, errors: int = 0) -> Run:
        return Run(rate, p50, p99, cpu, errors)

    return make


@pytest.fixture
def measured_of(run_of) -> Callable[..., Measured]:
    """A server whose every run, at every number of connections, is the same."""

    def make(name: str, rounds: int = 3, **figures) -> Measured:
        runs = {connections: [run_of(**figures) for _ in range(rounds)] for connections in (1, 32, 128)}
        return Measured(name, 1.5, runs, [40.4, 20.2])

    return make
