"""The command as users call it, with tiny models, in this process and through a server."""

import json

import pytest
from click.testing import CliRunner

from app.cli import cli
from app.errors import HorngateError, ModelInvalid, ModelNotFound

pytestmark = pytest.mark.usefixtures("bare_environment")


@pytest.fixture(params=["local", "remote"])
def call(request, tiny_models, server_url):
    """Calls `horngate explain` with these words."""
    place = ["--models-dir", str(tiny_models)] if request.param == "local" else ["--url", server_url]
    return lambda *words, **options: CliRunner().invoke(cli, ["explain", *words, *place], **options)


def test_each_word_has_its_bar(call):
    result = call("sentiment", "good bad film", "--class", "positive")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert "(sentiment/1 on onnx)" in lines[0]
    assert [line.split()[0] for line in lines[3:6]] == ["good", "bad", "film"]
    assert [line.split()[1][0] for line in lines[3:5]] == ["+", "-"]


def test_json_and_another_class(call):
    document = json.loads(call("topic/1", "oil", "--class", "Sports", "--json").stdout)
    assert document["explained"] == "Sports"
    assert document["prediction"]["label"] == "Business"


def test_a_text_comes_from_standard_input(call):
    assert "good" in call("sentiment", "-", input="good film\n").stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("topic", "oil", "--class", "Sport"), "did you mean 'Sports'?"),
        (("adder", '{"left": [1, 2], "right": [1, 2], "count": 1}'), "a model of one of the tasks"),
        (("sentimet", "good"), "did you mean 'sentiment'?"),
    ],
)
def test_what_cannot_be_explained_is_one_clear_error(call, words, message):
    result = call(*words)
    assert isinstance(result.exception, HorngateError)
    assert message in str(result.exception)


def test_a_version_that_cannot_be_served_is_told(tmp_path, build_topic):
    build_topic(tmp_path)
    (tmp_path / "topic" / "1" / "model.onnx").write_bytes(b"damaged")
    result = CliRunner().invoke(cli, ["explain", "topic", "oil", "--models-dir", str(tmp_path)])
    assert isinstance(result.exception, ModelInvalid)
    assert "topic/1 cannot be served: model.onnx has another SHA-256" in str(result.exception)
    result = CliRunner().invoke(cli, ["explain", "topic/2", "oil", "--models-dir", str(tmp_path)])
    assert isinstance(result.exception, ModelNotFound)
