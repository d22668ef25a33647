"""What the commands share: where folders stand by default, how they log, and errors as one line."""

import errno
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from app.errors import HorngateError

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
FOLDER = click.Path(path_type=Path, file_okay=False)

data_option = click.option("--data", type=FOLDER, default="data", show_default=True, help="Folder of the data sets.")
models_option = click.option("--models", type=FOLDER, default="models", show_default=True, help="Where versions go.")
runs_option = click.option("--runs", type=FOLDER, default="runs", show_default=True, help="Where unfinished runs lie.")
version_option = click.option(
    "--version", type=click.IntRange(min=1), help="The version's number, by default the next."
)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Log our own steps to the terminal; a Horngate error, or a full disk, is told in one line with exit status 1."""
    # TensorFlow's C++ side logs as errors what does no harm; what fails is raised.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("scripts").setLevel(logging.INFO)
    try:
        yield
    except HorngateError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        place = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{place}{error.strerror}; make room, then run the command again") from error
