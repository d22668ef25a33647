"""The command as users call it."""

import json
import os
import signal
import sys

import pytest
from click import Context
from click.testing import CliRunner

from app.bench.command import bench
from app.cli import cli, main

SHORT = ["--seconds", "0.3", "--warmup", "0", "--connections", "1"]


@pytest.fixture
def call():
    """Calls `horngate bench` with these words."""
    return lambda *words: CliRunner().invoke(bench, [str(word) for word in words])


def test_the_result_is_a_table_and_a_report(serve, call, tmp_path):
    report = tmp_path / "report.html"
    result = call(serve().url, *SHORT, "--rate", "50", "--spacing", "constant", "--html", report)
    assert result.exit_code == 0, result.output
    assert "1 connection" in result.stdout
    assert "50/s" in result.stdout
    assert "1 connection" in report.read_text(encoding="utf-8")


def test_json_is_all_that_is_printed(serve, call):
    result = call(serve().url, *SHORT, "--json", "--deadline-ms", "1000")
    assert [step["name"] for step in json.loads(result.stdout)["steps"]] == ["1 connection"]


def test_a_server_that_dies_gives_exit_code_1(serve, call):
    result = call(serve(dies_at=3).url, *SHORT[:4], "--connections", "1,1")
    assert result.exit_code == 1
    assert "stopped: the server stopped answering at 1 connection (connection refused)" in result.stdout


def test_ctrl_c_prints_what_was_measured_and_gives_exit_code_130(serve, call):
    def answer(number):
        if number == 20:
            os.kill(os.getpid(), signal.SIGINT)
        return 200

    result = call(serve(status=answer).url, "--seconds", "3600", "--warmup", "0", "--connections", "1,2")
    assert result.exit_code == 130
    assert "interrupted: the figures are of the time until then" in result.stdout
    assert "1 connection" in result.stdout
    assert "2 connections" not in result.stdout


def test_a_server_that_is_not_there_is_one_line(serve, monkeypatch, capsys):
    server = serve()
    server.stop()
    monkeypatch.setattr(sys, "argv", ["horngate", "bench", server.url])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith(f"horngate: no answer from {server.url}")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--connections", "1,x"], "'x' is not a valid integer"),
        (["--connections", "0"], "0 is not in the range"),
        (["--connections", ",".join(["1"] * 33)], "expected at most 32 numbers; received 33"),
        (["--rate", "0"], "0.0 is not in the range"),
        (["--rate", "nan"], "nan is not a finite number"),
        (["--seconds", "0"], "0.0 is not in the range"),
        (["--rows", "2"], "--rows goes with --kind texts or --texts"),
        (
            ["--kind", "text", "--body", __file__],
            "expected one of --body, --texts and --kind; received --body and --kind",
        ),
        (["--texts", "/no/such/file"], "does not exist"),
        (["--header", "nonsense"], "expected 'Name: value' in printable ASCII; received 'nonsense'"),
        (["--header", "X: a\r\nY: b"], "expected 'Name: value' in printable ASCII"),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(call, words, message):
    result = call(*words)
    assert result.exit_code == 2
    assert message in result.output


def test_headers_and_rows_reach_the_server(serve, call):
    server = serve()
    result = call(server.url, *SHORT, "--kind", "texts", "--rows", "3", "--header", "X-API-Key:  secret")
    assert result.exit_code == 0, result.output
    assert len(json.loads(server.script.bodies[-1])["texts"]) == 3
    assert b"X-API-Key: secret" in server.script.heads[-1]


def test_the_command_is_one_of_horngates():
    assert cli.get_command(Context(cli), "bench") is bench
