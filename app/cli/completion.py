"""`horngate completion`: what makes a shell complete commands and options."""

import json

import click
from click.shell_completion import get_completion_class

from app.cli.options import json_option

VARIABLE = "_HORNGATE_COMPLETE"
PLACES = {
    "bash": 'put into ~/.bashrc: eval "$(horngate completion bash)"',
    "zsh": 'put into ~/.zshrc, below compinit: eval "$(horngate completion zsh)"',
    "fish": "run once: horngate completion fish > ~/.config/fish/completions/horngate.fish",
}
"""What to do with the script of each shell."""


@click.command(epilog="\b\n" + "\n".join(f"{shell}: {place}" for shell, place in PLACES.items()))
@click.argument("shell", type=click.Choice(list(PLACES)))
@json_option
def completion(*, shell: str, as_json: bool) -> None:
    """Print the script that makes a shell complete commands and options."""
    script = script_of(shell)
    if as_json:
        click.echo(json.dumps({"shell": shell, "use": PLACES[shell], "script": script}, indent=2, ensure_ascii=False))
    else:
        click.echo(script)


def script_of(shell: str) -> str:
    """The script, which calls the command itself for every word; raises `UsageError` for a shell that click lacks."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click completes nothing in {shell}; expected {', '.join(PLACES)}")
    return kind(click.Group("horngate"), {}, "horngate", VARIABLE).source()
