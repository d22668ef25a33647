"""The commands as users call them."""

import json

import pytest
from click.testing import CliRunner

from app.cli.models import adding, checking
from app.cli.models.command import models as group
from app.inference.calibration.conditions import Conditions

pytestmark = pytest.mark.usefixtures("bare_environment")

QUICK = ["--runtimes", "onnx", "--seconds", "0.001"]


@pytest.fixture
def call(models):
    """Calls `horngate models` with these words."""
    return lambda *words, **more: CliRunner().invoke(group, [*map(str, words), "--models", str(models)], **more)


def test_a_model_is_added_listed_shown_checked_and_removed(call, onnx_file, models, monkeypatch):
    added = call("add", onnx_file("adder"), "--name", "sums", *QUICK, "--labels", "labels.txt", "--json")
    assert "for 1 labels" in str(added.exception)
    added = call("add", onnx_file("adder"), "--name", "sums", *QUICK, "--json")
    assert added.exit_code == 0, added.output
    assert json.loads(added.stdout)["model"] == "sums/1"
    assert json.loads(call("list", "--json").stdout)["versions"][0]["name"] == "sums"
    assert "sums" in call("list").stdout
    assert json.loads(call("show", "sums", "--json").stdout)["model"] == "sums/1"
    assert "input    left float32 [-1, 2]" in call("show", "sums").stdout
    monkeypatch.setattr(checking, "CONDITIONS", Conditions(runtimes=("onnx",), batches=(1,), seconds=0.001))
    assert call("check", "sums").stdout.startswith("sums/1: as its manifest says\n")
    removed = call("remove", "sums", "--yes", "--json")
    assert json.loads(removed.stdout)["removed"] == ["sums/1"]
    assert list(models.iterdir()) == []


def test_a_check_that_finds_something_ends_with_1(call, models, build_topic):
    folder = build_topic(models)
    (folder / "model.onnx").write_bytes(b"junk")
    found = call("check", "topic")
    assert found.exit_code == 1
    assert "another SHA-256" in found.stdout
    assert json.loads(call("check", "--json").stdout)[0]["model"] == "topic/1"


def test_removing_asks_and_takes_no_for_an_answer(call, models, build_topic):
    build_topic(models)
    refused = call("remove", "topic", input="n\n")
    assert (refused.exit_code, (models / "topic" / "1").exists()) == (1, True)
    assert "Remove topic/1" in refused.stderr
    assert call("remove", "topic", input="y\n").stdout.startswith("Removed topic/1")


def test_ctrl_c_writes_nothing_and_says_so(call, onnx_file, models, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(adding, "converted", interrupted)
    result = call("add", onnx_file("adder"), "--name", "sums")
    assert (result.exit_code, result.stderr) == (130, "horngate: interrupted; nothing was written\n")
    assert list(models.rglob("*")) == []


@pytest.mark.parametrize("words", [["--name", "a", "--version", "0"], ["--name", "a", "--task", "topic"], []], ids=str)
def test_options_that_make_no_sense_are_refused(call, onnx_file, words):
    result = call("add", onnx_file("adder"), *words)
    assert result.exit_code == 2
    assert "Usage" in result.stderr
