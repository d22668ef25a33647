"""The scripts for shells, tried in a shell where there is one."""

import json
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from app.cli import cli, completion

SHELLS = list(completion.PLACES)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_names_the_command_and_the_function_that_completes_it(shell):
    result = CliRunner().invoke(cli, ["completion", shell])
    assert result.exit_code == 0
    assert "_HORNGATE_COMPLETE" in result.stdout
    assert "horngate" in result.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_json_says_where_the_script_belongs(shell):
    document = json.loads(CliRunner().invoke(cli, ["completion", shell, "--json"]).stdout)
    assert document["shell"] == shell
    assert shell in document["use"]
    assert "_HORNGATE_COMPLETE" in document["script"]


def test_another_shell_is_refused_with_those_that_there_are():
    result = CliRunner().invoke(cli, ["completion", "csh"])
    assert result.exit_code == 2
    assert all(shell in result.stderr for shell in SHELLS)


def test_a_shell_that_click_lacks_is_refused(monkeypatch):
    monkeypatch.setattr(completion, "get_completion_class", lambda _: None)
    result = CliRunner().invoke(cli, ["completion", "fish"])
    assert result.exit_code == 2
    assert "click completes nothing in fish" in result.stderr


def test_the_script_reads_as_bash():
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here")
    script = completion.script_of("bash")
    assert subprocess.run([bash, "-n"], input=script, text=True, check=False).returncode == 0


def test_the_command_answers_what_the_script_asks():
    told = {"_HORNGATE_COMPLETE": "bash_complete", "COMP_WORDS": "horngate cal", "COMP_CWORD": "1"}
    code = "import sys; sys.argv[0] = 'horngate'; from app.cli import main; main()"
    ended = subprocess.run([sys.executable, "-c", code], env=told, capture_output=True, text=True, check=False)
    assert ended.stdout.split() == ["plain,calibrate"]
