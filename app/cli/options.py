"""The options that mean the same in every command."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

FOLDER = click.Path(path_type=Path)
OUTPUT = click.Path(dir_okay=False, writable=True, path_type=Path)

models_dir_option = click.option(
    "--models-dir",
    "--models",
    type=FOLDER,
    default="models",
    envvar="HORNGATE_MODELS_DIR",
    show_default=True,
    help="Folder of the models.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
url_option = click.option("--url", help="Ask the server at this address, such as http://127.0.0.1:8000, instead.")


def model_options(command: Command) -> Command:
    """Where the models are, and whether JSON is printed."""
    return models_dir_option(json_option(command))


def asking_options(command: Command) -> Command:
    """The same of a command that can ask a server as well."""
    return url_option(model_options(command))


def names_between_commas(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    """The names in an option's value; none where it is absent."""
    return tuple(name.strip() for name in value.split(",") if name.strip()) if value else ()
