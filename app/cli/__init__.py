"""The command `horngate`."""

import os
import sys
from pathlib import Path

import click

from app.bench.command import bench
from app.cli.calibrate import calibrate
from app.cli.compare import compare
from app.cli.evaluate import evaluate
from app.cli.models.command import models
from app.errors import HorngateError
from app.settings import PREFIX, read_settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="horngate")
def cli() -> None:
    """Take a Keras model from training to a production endpoint."""


@cli.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", help="TCP port to listen on; 0 takes a free one.")
@click.option("--grpc-port", help="TCP port for gRPC; 0 takes a free one. Without it there is no gRPC.")
@click.option("--workers", help="Worker processes; the default is one per core.")
@click.option("--models-dir", type=click.Path(path_type=Path), help="Folder with <name>/<version>/ model folders.")
def serve(
    host: str | None, port: str | None, grpc_port: str | None, workers: str | None, models_dir: Path | None
) -> None:
    """Serve the models folder. Every setting can also come from the environment (HORNGATE_PORT, …)."""
    from app.server import run_server  # noqa: PLC0415  # the other commands need no server

    given = {"host": host, "port": port, "grpc_port": grpc_port, "workers": workers, "models_dir": models_dir}
    os.environ.update({PREFIX + name.upper(): str(value) for name, value in given.items() if value is not None})
    sys.exit(run_server(read_settings()))


for command in (bench, calibrate, evaluate, compare, models):
    cli.add_command(command)


def main() -> None:
    """Run the command; an error of ours is one line and exit code 2."""
    try:
        cli()
    except HorngateError as error:
        click.echo(f"horngate: {error}", err=True)
        sys.exit(2)
