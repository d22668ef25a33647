"""Servers under test: started, counted, ended to the last process."""

import sys

import pytest

from app.bench.errors import BenchInvalid
from app.bench.request import Body
from scripts.benchmark.processes import Start, free_port, processes_of, running

SERVER = """
import http.server, os, subprocess, sys, time
if "--with-child" in sys.argv:
    subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"],
                     start_new_session="--apart" in sys.argv)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200 if self.path == "/ask" and body == os.environ["WANTED"].encode() else 404)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def start_of(*arguments: str, code: str = SERVER) -> Start:
    port = free_port()
    command = [sys.executable, "-c", code, str(port), *arguments]
    return Start("tiny", command, port, "/ask", Body(b"hello", "text/plain"), {"WANTED": "hello"})


def test_a_server_is_up_once_it_answers_its_body_at_its_path():
    start = start_of()
    with running(start) as server:
        assert (server.name, server.origin) == ("tiny", f"http://127.0.0.1:{start.port}")
        assert server.ready_seconds > 0
        assert server.cpu_seconds() > 0
        assert all(size > 0 for size in server.pss_mib())
        assert len(server.pss_mib()) == 1
    assert not list(processes_of(server.session))


def test_all_its_processes_are_counted_and_none_is_left_behind():
    with running(start_of("--with-child")) as server:
        assert len(list(processes_of(server.session))) == 2
    assert not list(processes_of(server.session))


def test_a_child_in_a_session_of_its_own_belongs_to_the_server_and_ends_with_it():
    with running(start_of("--with-child", "--apart")) as server:
        (child,) = (process for process in processes_of(server.session) if process.session != server.session)
    assert not list(processes_of(child.session))


def test_a_server_that_ends_without_an_answer_is_named_with_its_command():
    with (
        pytest.raises(BenchInvalid, match=r"expected tiny to answer at http.*/ask.*-c 'import sys"),
        running(start_of(code="import sys; sys.exit(3)")),
    ):
        pass
