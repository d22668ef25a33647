"""Version folders under `models/<name>/`: the next number, and a folder that appears whole or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import HorngateError


class VersionTaken(HorngateError):
    """The version folder stands already; versions are never overwritten."""

    code = "version_taken"
    title = "The version exists"


def version_folder(models: Path, name: str, version: int | None) -> Path:
    """`models/<name>/<version>`, by default one above the highest there; raises `VersionTaken`."""
    folder = models / name
    if version is None:
        taken = [int(path.name) for path in folder.iterdir() if path.name.isdigit()] if folder.is_dir() else []
        version = max(taken, default=0) + 1
    if (folder / str(version)).exists():
        raise VersionTaken(f"{folder / str(version)} exists; name another --version, or remove it first")
    return folder / str(version)


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A hidden folder beside `target` to write into; it becomes `target` at the end, or goes where the block raises."""
    partial = target.parent / f".{target.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
