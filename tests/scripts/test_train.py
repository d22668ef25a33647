import json

import pytest
from click.testing import CliRunner

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from app.cli.evaluate import evaluate
from scripts import export, testset, train


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Runs a command in an empty folder; gives exit status and output."""
    monkeypatch.chdir(tmp_path)

    def invoke(command, *arguments):
        result = CliRunner().invoke(command.main, [str(argument) for argument in arguments])
        return result.exit_code, result.output

    return invoke


def test_a_recipe_becomes_a_version_that_can_be_measured_and_exported_again(call, recipe_file, tmp_path):
    recipe = recipe_file("digit", epochs=1)
    status, told = call(train, recipe)
    assert (status, told.count("Traceback")) == (0, 0)
    first = tmp_path / "models" / "tiny_digit" / "1"
    report = json.loads((first / "report.json").read_text(encoding="utf-8"))
    assert report["training"]["epochs"] == 1

    assert call(testset, recipe)[0] == 0
    (data,) = (tmp_path / "runs" / "test").glob("*-images-idx3-ubyte.gz")
    figures = json.loads(CliRunner().invoke(evaluate, [str(first), str(data), "--json"]).stdout)
    assert figures["accuracy"]["value"] == pytest.approx(report["test"]["accuracy"]["value"], abs=1e-5)
    assert figures["confusion"] == report["test"]["confusion"]["rows_true_columns_predicted"]

    assert call(export, recipe)[0] == 0
    again = json.loads((first.parent / "2" / "report.json").read_text(encoding="utf-8"))
    assert again["test"] == report["test"]
    assert again["command"] == report["command"]

    status, told = call(train, recipe, "--version", 2)
    assert (status, "exists; name another --version" in told) == (1, True)


def test_there_must_be_a_run_to_resume_or_export(call, recipe_file):
    for command, options in ((train, ["--resume"]), (export, [])):
        status, told = call(command, recipe_file(), *options)
        assert status == 1
        assert told.strip().splitlines()[-1].startswith("Error: no run to resume in runs")


@pytest.mark.parametrize("command", [train, export])
def test_a_recipe_that_is_not_there_is_told_in_one_line(call, command):
    status, told = call(command, "none.toml")
    assert status == 1
    assert told == "Error: none.toml: no such file; the recipes that come with Horngate stand in recipes/\n"


def test_data_that_are_not_there_are_told_in_one_line(call, recipe_file, texts):
    status, told = call(train, recipe_file(replace=(str(texts), "nowhere")))
    assert status == 1
    assert "Error: nowhere lacks train.txt" in told
    assert "Traceback" not in told
