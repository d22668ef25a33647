"""The command as users call it: what it writes is what a server answers."""

import json
import socket

import httpx
import pytest
from click.testing import CliRunner

from app.cli import cli
from app.errors import HorngateError

pytestmark = pytest.mark.usefixtures("bare_environment")


@pytest.fixture
def call(tiny_models):
    """Calls `horngate openapi` with these words, on the tiny models."""
    return lambda *words: CliRunner().invoke(cli, ["openapi", *map(str, words), "--models-dir", str(tiny_models)])


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ((), "/openapi.json"),
        (("sentiment",), "/models/sentiment/openapi.json"),
        (("sentiment/1",), "/models/sentiment/versions/1/openapi.json"),
    ],
)
def test_the_document_of_a_folder_is_that_of_its_server(call, server_url, words, path):
    here = json.loads(call(*words).stdout)
    there = json.loads(call(*words, "--url", server_url, "--json").stdout)
    assert here == there == httpx.get(f"{server_url}{path}").json()


def test_a_wrong_setting_is_one_clear_error(call, monkeypatch):
    monkeypatch.setenv("HORNGATE_PORT", "http")
    assert str(call("topic").exception).startswith("HORNGATE_PORT: Input should be a valid integer")


def test_it_is_written_to_a_file(call, tmp_path):
    result = call("topic", "--out", tmp_path / "topic.json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads((tmp_path / "topic.json").read_text(encoding="utf-8"))["info"]["title"] == "topic"


def test_a_folder_that_cannot_be_served_is_left_out_and_told(tmp_path, build_topic, build_digit):
    build_topic(tmp_path)
    (build_digit(tmp_path) / "model.onnx").write_bytes(b"damaged")
    result = CliRunner().invoke(cli, ["openapi", "--models-dir", str(tmp_path)])
    assert "/predict/topic" in json.loads(result.stdout)["paths"]
    assert "horngate: digit/1 is left out: model.onnx has another SHA-256" in result.stderr
    result = CliRunner().invoke(cli, ["openapi", "digit", "--models-dir", str(tmp_path)])
    assert isinstance(result.exception, HorngateError)


def test_what_is_not_there_is_one_clear_error(call, server_url):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for words, message in (
        (("topics",), "did you mean 'topic'?"),
        (("topics", "--url", server_url), "did you mean 'topic'?"),
        (("--url", f"http://127.0.0.1:{port}"), "no answer"),
        (("--url", f"{server_url}/health/live"), "expected an OpenAPI document; received HTTP 404"),
    ):
        result = call(*words)
        assert isinstance(result.exception, HorngateError)
        assert message in str(result.exception) or "there is no GET" in str(result.exception)
