"""A whole measurement against a small server."""

import os
from dataclasses import replace

import pytest

from app.bench.cpu import PROC
from app.bench.errors import BenchInvalid
from app.bench.options import Options
from app.bench.session import run_bench

needs_proc = pytest.mark.skipif(not PROC.exists(), reason="CPU time of other processes is read from /proc")


@pytest.fixture
def options_for():
    """Short steps against a server."""
    times = {"seconds": 0.3, "warmup_seconds": 0.0, "spacing": "constant"}
    return lambda server, **settings: Options(server.url, **{**times, "connections": (1,), **settings})


def test_every_step_is_measured_closed_loops_first(serve, options_for):
    server = serve()
    outcome = run_bench(options_for(server, connections=(1, 2), rates=(50.0,)))
    assert [one.step.name for one in outcome.measurements] == ["1 connection", "2 connections", "50/s"]
    assert outcome.measurements[2].counts.statuses == {200: 15}
    assert outcome.problem is None
    assert outcome.prepared.url == server.url + "/predict/sentiment"
    assert server.script.bodies[0] == b'{"text": "A wonderful film"}'


def test_a_whole_route_is_loaded_as_it_stands(serve, options_for):
    server = serve()
    options = replace(options_for(server, kind="text"), url=server.url + "/any?x=1")
    assert run_bench(options).measurements[0].errors == 0
    assert server.script.heads[-1].startswith(b"POST /any?x=1 ")


def test_a_whole_route_needs_a_body_and_no_model(serve):
    url = serve().url + "/any"
    with pytest.raises(BenchInvalid, match="either --model or a whole route; received digit and http"):
        run_bench(Options(url, model="digit"))
    with pytest.raises(BenchInvalid, match="expected --kind, --body or --texts"):
        run_bench(Options(url))


def test_files_are_bodies(serve, options_for, tmp_path):
    texts, body = tmp_path / "texts", tmp_path / "body"
    texts.write_text("one\ntwo\n")
    body.write_bytes(b"\x89PNG")
    server = serve()
    outcome = run_bench(options_for(server, texts=texts))
    assert outcome.prepared.body == "2 bodies, application/json, 15 bytes"
    assert {b'{"text": "one"}', b'{"text": "two"}'} == set(server.script.bodies)
    outcome = run_bench(options_for(server, body=body, content_type="image/png"))
    assert outcome.prepared.body == "image/png, 4 bytes"


def test_a_server_that_dies_ends_the_run_with_one_line(serve, options_for):
    outcome = run_bench(options_for(serve(dies_at=5), connections=(1, 2, 4)))
    assert (
        outcome.problem
        == "the server stopped answering at 2 connections (connection refused); 1 more steps were left out"
    )
    assert [one.step.name for one in outcome.measurements] == ["1 connection", "2 connections"]


def test_a_server_that_refuses_everything_is_measured_nevertheless(serve, options_for):
    outcome = run_bench(options_for(serve(status=lambda number: 503), connections=(1, 2)))
    assert outcome.problem is None
    assert [one.goodput for one in outcome.measurements] == [0, 0]
    assert outcome.prepared.answer.status == 503


@needs_proc
def test_the_servers_cpu_time_is_counted(serve, options_for):
    outcome = run_bench(options_for(serve(), pid=os.getpid()))
    assert outcome.measurements[0].server_cpu_seconds >= 0


def test_a_process_that_is_not_there_is_named(serve, options_for):
    with pytest.raises(BenchInvalid, match="expected a running process for --pid"):
        run_bench(options_for(serve(), pid=2**22 + 1))


@needs_proc
def test_the_limit_is_measured_in_the_same_run(serve, options_for, tiny_models, monkeypatch):
    monkeypatch.setattr("app.bench.limit.ROUND_SECONDS", 0.001)
    outcome = run_bench(options_for(serve(), with_limit=True, models=tiny_models, pid=os.getpid()))
    assert outcome.limit.row.model == "sentiment/1"
    assert outcome.limit.exchange.counts.statuses[200] > 0
    assert outcome.limit.exchange.step.connections == 1


def test_a_limit_that_cannot_be_measured_leaves_what_was_measured(serve, options_for, tmp_path):
    outcome = run_bench(options_for(serve(), with_limit=True, models=tmp_path))
    assert len(outcome.measurements) == 1
    assert "model.onnx for the limit" in outcome.problem


def test_a_limit_needs_to_know_which_model_answered(serve, options_for):
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Model: ../../etc\r\n\r\n{}"
    with pytest.raises(BenchInvalid, match="expected an answer with an X-Model header for --limit; received 200"):
        run_bench(options_for(serve(raw=answer), with_limit=True))
