"""`horngate serve`: its options become settings, where the workers find them."""

import os
import sys
from pathlib import Path

import click

from app.cli.options import FOLDER


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", help="TCP port to listen on; 0 takes a free one.")
@click.option("--grpc-port", help="TCP port for gRPC; 0 takes a free one. Without it there is no gRPC.")
@click.option("--workers", help="Worker processes; the default is one per core.")
@click.option("--models-dir", "--models", type=FOLDER, help="Folder with <name>/<version>/ model folders.")
def serve(
    host: str | None, port: str | None, grpc_port: str | None, workers: str | None, models_dir: Path | None
) -> None:
    """Serve the models folder.

    Every setting can also come from the environment (HORNGATE_PORT, …).
    """
    from app.server import run_server  # noqa: PLC0415  # the other commands need no server
    from app.settings import PREFIX, read_settings  # noqa: PLC0415  # the same

    given = {"host": host, "port": port, "grpc_port": grpc_port, "workers": workers, "models_dir": models_dir}
    os.environ.update({PREFIX + name.upper(): str(value) for name, value in given.items() if value is not None})
    sys.exit(run_server(read_settings()))
