"""Version folders under `models/<name>/`: the next number, and a folder that appears whole or not at all."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.errors import HorngateError


class VersionTaken(HorngateError):
    """The version folder stands already, or is being written; versions are never overwritten."""

    code = "version_taken"
    title = "The version exists"


def version_folder(models: Path, name: str, version: int | None) -> Path:
    """`models/<name>/<version>`, by default one above the highest there; raises `VersionTaken`."""
    folder = models / name
    if version is None:
        taken = [int(path.name) for path in folder.iterdir() if path.name.isdigit()] if folder.is_dir() else []
        version = max(taken, default=0) + 1
    target = folder / str(version)
    _refuse_taken(target)
    return target


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A hidden folder beside `target` to write into; it becomes `target` at the end, or goes where the block raises.

    With it goes the model's own folder where nothing else stands in that. Raises `VersionTaken` where another command
    writes the same version, or has done so meanwhile.
    """
    partial = target.parent / f".{target.name}.partial"
    partial.mkdir(parents=True, exist_ok=True)
    with _locked(partial):
        try:
            _clear(partial)
            yield partial
            _refuse_taken(target)
            partial.rename(target)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            with suppress(OSError):
                target.parent.rmdir()
            raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder against other commands; the kernel lets go of it with the process, however that ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _lock(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    """Raise `VersionTaken` where another command holds the folder."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise VersionTaken(f"another command is writing {folder}; wait for it, or name another --version") from None


def _clear(folder: Path) -> None:
    """Remove what a command that was killed has left in the folder."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _refuse_taken(target: Path) -> None:
    """Raise `VersionTaken` where the version stands."""
    if target.exists():
        raise VersionTaken(f"{target} exists; name another --version, or remove it first")
