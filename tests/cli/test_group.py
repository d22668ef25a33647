"""The group of all commands: quick to start, and helpful with what is misspelt."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from app.cli import COMMANDS, cli
from app.cli.group import NearestGroup

HEAVY = ("numpy", "onnxruntime", "fastapi", "pydantic", "httpx", "tokenizers", "PIL", "grpc")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_of_a_command_is_the_first_sentence_of_its_help(name):
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.get_short_help_str(limit=200) == COMMANDS[name].summary
    assert command.name == name


def test_help_imports_nothing_that_takes_long():
    code = (
        f"import sys, app.cli; app.cli.cli(['--help'], standalone_mode=False); print(*{{*{HEAVY}}} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "serve" in ended.stdout
    assert ended.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["serv"], "expected a command; received 'serv'; did you mean 'serve'?"),
        (["xyz"], "expected a command; received 'xyz'; there are: serve, "),
        (["models", "lst"], "expected a command; received 'lst'; did you mean 'list'?"),
    ],
)
def test_a_misspelt_command_is_told_the_nearest(words, message):
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_misspelt_option_is_told_the_nearest():
    result = CliRunner().invoke(cli, ["serve", "--prot", "1"])
    assert result.exit_code == 2
    assert "--port" in result.stderr
    assert CliRunner().invoke(cli, ["--hlep"]).exit_code == 2


def test_commands_are_shown_in_the_order_of_their_use():
    lines = CliRunner().invoke(cli, ["--help"]).stdout.splitlines()
    shown = [
        line.split()[0] for line in lines[lines.index("Commands:") + 1 :] if line.startswith("  ") and line[2] != " "
    ]
    assert shown == list(COMMANDS)


def test_names_of_commands_and_options_are_completed():
    context = click.Context(cli)
    assert [item.value for item in cli.shell_complete(context, "c")] == ["compare", "calibrate", "completion"]
    assert "--version" in [item.value for item in cli.shell_complete(context, "--v")]


def test_a_group_without_such_a_command_has_none():
    assert cli.get_command(click.Context(cli), "absent") is None
    assert NearestGroup("empty").list_commands(click.Context(cli)) == []
