"""The command `horngate`: options become settings, errors become one line. tests/test_server.py lets it serve."""

import os
import runpy
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import cli, main

pytestmark = pytest.mark.usefixtures("bare_environment")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit code of the command with these arguments."""
    monkeypatch.setattr("sys.argv", ["horngate", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_the_version_is_that_of_the_package() -> None:
    result = CliRunner().invoke(cli, ["--version"], prog_name="horngate")
    assert result.output == f"horngate, version {version('horngate')}\n"


def test_help_names_the_commands() -> None:
    for flag in ("-h", "--help"):
        result = CliRunner().invoke(cli, [flag])
        assert result.exit_code == 0
        assert {"serve", "bench", "calibrate", "evaluate", "compare"} <= set(result.output.split())


def test_options_of_serve_are_settings_that_the_workers_find_in_their_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    os.environ |= {"HORNGATE_PORT": "1", "HORNGATE_DRAIN_SECONDS": "3", "HORNGATE_REQUIRED_MODELS": '["a"]'}
    options = ["--host", "256.0.0.1", "--port", "0", "--grpc-port", "0", "--workers", "3"]
    options += ["--models-dir", str(tmp_path)]
    assert run(monkeypatch, "serve", *options) == 2
    assert {name: value for name, value in os.environ.items() if name.startswith("HORNGATE_")} == {
        "HORNGATE_HOST": "256.0.0.1",
        "HORNGATE_PORT": "0",
        "HORNGATE_GRPC_PORT": "0",
        "HORNGATE_WORKERS": "3",
        "HORNGATE_MODELS_DIR": str(tmp_path),
        "HORNGATE_DRAIN_SECONDS": "3.0",
        "HORNGATE_REQUIRED_MODELS": '["a"]',
    }


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--port", "http"], "horngate: HORNGATE_PORT: Input should be a valid integer"),
        (["--workers", "0"], "horngate: HORNGATE_WORKERS: Input should be greater than or equal to 1"),
        (["--host", "256.0.0.1", "--port", "0"], "horngate: cannot listen on 256.0.0.1:0: "),
    ],
)
def test_a_wrong_setting_is_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[str], line: str
) -> None:
    assert run(monkeypatch, "serve", *options) == 2
    errors = capsys.readouterr().err
    assert errors.startswith(line)
    assert errors.count("\n") == 1


def test_a_model_that_is_not_there_is_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "calibrate", "sentiment", "--models-dir", str(tmp_path)) == 2
    assert capsys.readouterr().err == f"horngate: no model 'sentiment' in {tmp_path}; there are: none\n"


@pytest.mark.parametrize("words", [["evaluate", "sentimet"], ["compare", "sentiment", "sentimet"]], ids=" ".join)
def test_a_misspelt_model_is_one_line_with_the_nearest_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    tiny_models: Path,
    words: list[str],
) -> None:
    data = tmp_path / "reviews.csv"
    data.write_text("text,label\ngood,1\nbad,0\n", encoding="utf-8")
    assert run(monkeypatch, *words, str(data), "--models-dir", str(tiny_models)) == 2
    expected = f"horngate: no model 'sentimet' in {tiny_models}; did you mean 'sentiment'?\n"
    assert capsys.readouterr().err == expected


def test_an_unknown_option_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "serve", "--prot", "1") == 2


def test_the_module_can_be_run_as_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["horngate", "--version"])
    with pytest.raises(SystemExit):
        runpy.run_module("app.cli", run_name="__main__")
    assert version("horngate") in capsys.readouterr().out
