"""Closed loops by wrk."""

import shutil
from itertools import pairwise

import pytest

from app.bench.errors import BenchInvalid
from app.bench.request import Body
from scripts.benchmark.wrk import Run, read_figures, run_wrk

needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is a Debian package")


def test_the_figures_are_read_from_the_line_that_the_script_prints():
    run = read_figures("Running 2s test\nfigures: 3000 2000000 1500 9000 0\nRequests/sec: 1\n", cpu_seconds=0.6)
    assert run == Run(rate=1500.0, p50_ms=1.5, p99_ms=9.0, cpu_us=pytest.approx(200.0), errors=0)


@pytest.mark.parametrize(("counted", "errors"), [(7, 7), (0, 1)])
def test_a_run_without_answers_has_no_rate_and_is_an_error(counted, errors):
    assert read_figures(f"figures: 0 0 0 0 {counted}", cpu_seconds=0.0) == Run(0.0, 0.0, 0.0, 0.0, errors)


def test_without_wrk_the_error_says_how_to_get_it(monkeypatch, serve):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BenchInvalid, match="apt-get install wrk"):
        run_wrk(serve()[0], "/", [Body(b"{}", "application/json")], 1, 1)


@needs_wrk
def test_the_body_is_sent_as_it_is(serve):
    server, script = serve()
    run = run_wrk(server, "/predict", [Body(b'\x89PNG "\n\x00', "image/png")], 2, 1)
    assert set(script.asked) == {("POST", "/predict", b'\x89PNG "\n\x00')}
    assert run.errors == 0


@needs_wrk
def test_several_bodies_are_sent_in_turn(serve):
    server, script = serve()
    run_wrk(server, "/", [Body(b"1", "text/plain"), Body(b"22", "text/plain")], 1, 1)
    bodies = [body for _, _, body in script.asked]
    assert all({one, next_one} == {b"1", b"22"} for one, next_one in pairwise(bodies))


@needs_wrk
def test_headers_go_with_every_request(serve):
    server, script = serve(lambda path, body: (200, {}, b""))
    run = run_wrk(server, "/", [Body(b"{}", "text/plain")], 1, 1, headers={"X-Name": "value"})
    assert run.errors == 0
    assert {headers["X-Name"] for headers in script.headers} == {"value"}


@needs_wrk
def test_what_is_refused_counts_as_an_error(serve):
    server, script = serve(lambda path, body: (429, {}, b""))
    run = run_wrk(server, "/", [Body(b"{}", "text/plain")], 1, 1)
    assert 0 < run.errors <= len(script.asked)


@needs_wrk
def test_a_server_that_is_gone_is_named(serve):
    server, _ = serve()
    gone = type(server)("gone", "http://127.0.0.1:1", -1, 0.0)
    with pytest.raises(BenchInvalid, match="wrk failed on gone"):
        run_wrk(gone, "/", [Body(b"{}", "text/plain")], 1, 1)
