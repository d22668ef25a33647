"""The benchmark as a command, on tiny models."""

import json
import shutil

import pytest
from click.testing import CliRunner

from scripts.bench import main

needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is a Debian package")


@needs_wrk
def test_sections_are_measured_printed_and_written(tiny_models, tmp_path):
    output = tmp_path / "result"
    arguments = ["--quick", "--only", "limit,texts", "--models", str(tiny_models), "--workers", "1"]
    result = CliRunner().invoke(main, [*arguments, "--output", str(output)])
    assert result.exit_code == 0, result.output
    assert "## The limit: sentiment, 32 connections" in result.output
    assert "## Texts, 64 per request" in output.with_suffix(".md").read_text(encoding="utf-8")
    sections = json.loads(output.with_suffix(".json").read_text(encoding="utf-8"))["sections"]
    assert sections["limit"]["figures"]["runs"][0]["errors"] == 0
    assert sections["texts"]["figures"]["bare_rows_per_second"][0] > 0


@pytest.mark.parametrize("option", ["--only", "--peers"])
def test_an_unknown_name_is_refused_with_the_known_ones(option):
    result = CliRunner().invoke(main, [option, "mosecc,nothing"])
    assert result.exit_code == 2
    assert "expected some of" in result.output


def test_a_folder_without_models_ends_with_one_line(tmp_path):
    result = CliRunner().invoke(main, ["--quick", "--only", "texts", "--models", str(tmp_path)])
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
