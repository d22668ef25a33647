"""The command `horngate`."""

import sys

import click

from app.cli.group import CommandGroup, Place
from app.errors import HorngateError

COMMANDS = {
    "serve": Place("app.cli.serve:serve", "Serve the models folder."),
    "predict": Place("app.cli.predict:predict", "Ask a model about a text, a picture, or a whole file of them."),
    "explain": Place("app.cli.explain:explain", "Show what each word or pixel adds to a prediction."),
    "models": Place("app.cli.models.command:models", "Add a model of your own, and look after those that are there."),
    "evaluate": Place(
        "app.cli.evaluate:evaluate", "Measure a model on labelled rows, through the code that serves it."
    ),
    "compare": Place(
        "app.cli.compare:compare", "Tell whether two models differ on the same labelled rows by more than chance."
    ),
    "calibrate": Place(
        "app.cli.calibrate:calibrate",
        "Find how a model runs best on this machine, and write that plan to its manifest.",
    ),
    "bench": Place("app.bench.command:bench", "Load a server and measure it."),
    "openapi": Place("app.cli.openapi:openapi", "Write the OpenAPI document of all models, or of one."),
    "doctor": Place(
        "app.cli.doctor.command:doctor", "Check this machine, the models and a server, and say what to do."
    ),
    "completion": Place(
        "app.cli.completion:completion", "Print the script that makes a shell complete commands and options."
    ),
}


@click.group(cls=CommandGroup, places=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="horngate")
def cli() -> None:
    """Take a Keras model from training to a production endpoint."""


def main() -> None:
    """Run the command; an error of ours is one line and exit code 2."""
    try:
        cli()
    except HorngateError as error:
        click.echo(f"horngate: {error}", err=True)
        sys.exit(2)
