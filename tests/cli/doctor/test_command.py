"""The command as users call it."""

import json

import pytest
from click.testing import CliRunner

from app.cli import cli
from app.cli.doctor import examination
from app.cli.doctor.finding import ok

pytestmark = pytest.mark.usefixtures("bare_environment")


@pytest.fixture
def call(monkeypatch):
    """Calls `horngate doctor` with these words; TensorFlow, which takes seconds, is left to its own test."""
    monkeypatch.setattr(examination, "check_tensorflow", lambda: ({}, ok("runtime", "tensorflow")))
    return lambda *words: CliRunner().invoke(cli, ["doctor", *map(str, words)])


def test_every_finding_is_a_line_and_all_are_counted(call, tiny_models):
    result = call("--models-dir", tiny_models)
    assert result.exit_code == 0, result.output
    assert "✓ models        sentiment/1: " in result.stdout
    assert result.stdout.splitlines()[-1].startswith("0 problems, ")


def test_after_a_problem_the_exit_code_is_1_and_it_says_what_to_do(call, tmp_path):
    result = call("--models-dir", tmp_path)
    assert result.exit_code == 1
    assert f"✗ models        {tmp_path} holds no model\n{' ' * 16}→ add one: " in result.stdout


def test_json_is_one_document(call, tiny_models, server_url):
    document = json.loads(call("--models-dir", tiny_models, "--url", server_url, "--json").stdout)
    assert document["problems"] == 0
    areas = {finding["area"] for finding in document["findings"]}
    assert {"settings", "models", "cores", "memory", "server", "runtime", "GPU"} <= areas
    assert "port" not in areas
    assert set(document["findings"][0]) == {"level", "area", "found", "advice"}
