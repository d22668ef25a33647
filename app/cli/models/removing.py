"""Versions removed, so that whoever looks finds them whole or not at all."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from app.cli.models.describing import bytes_in, size_text
from app.cli.versions import find_version
from app.errors import ModelInvalid
from app.repository.scanner import VersionFolder, scan
from app.repository.serving import SERVING, read_serving


@dataclass(frozen=True, slots=True)
class Removal:
    """What is to go: `path`, which holds these versions, and nothing else of the model stays where it is the last."""

    path: Path
    versions: tuple[str, ...]
    bytes: int

    def question(self) -> str:
        """What the user is asked."""
        return f"Remove {', '.join(self.versions)} ({size_text(self.bytes)}, {self.path})?"


def plan_removal(models: Path, wanted: str) -> Removal:
    """What removing `name/version`, or all versions of `name`, takes away.

    Raises `ModelNotFound` where there is none, `ModelInvalid` where `serving.json` names a version of them.
    """
    newest = find_version(models, wanted)
    every = scan(models)[0][newest.name]
    folders = [newest] if "/" in wanted.strip("/") else every
    _refuse_pinned(newest.path.parent, folders)
    path = newest.path.parent if len(folders) == len(every) else newest.path
    return Removal(path, tuple(f"{one.name}/{one.version}" for one in folders), bytes_in(path))


def remove(removal: Removal) -> None:
    """Remove it: first out of sight, then from the disk; raises `ModelInvalid` where it cannot be."""
    hidden = removal.path.with_name(f".{removal.path.name}.removed")
    try:
        shutil.rmtree(hidden, ignore_errors=True)
        removal.path.rename(hidden)
        shutil.rmtree(hidden)
    except OSError as error:
        raise ModelInvalid(f"{removal.path} cannot be removed: {error.strerror}") from None


def to_json(removal: Removal) -> str:
    """What was removed, as indented JSON."""
    return json.dumps({"removed": list(removal.versions), "bytes": removal.bytes}, indent=2)


def report_text(removal: Removal) -> str:
    """What was removed."""
    return f"Removed {', '.join(removal.versions)}: {size_text(removal.bytes)}."


def _refuse_pinned(model: Path, folders: list[VersionFolder]) -> None:
    """Raise `ModelInvalid` where the owner's configuration names one of the versions."""
    config = read_serving(model)
    names = {config.default: "its default"} | {version: f"{label!r}" for label, version in config.labels.items()}
    for folder in folders:
        if folder.version in names:
            raise ModelInvalid(
                f"{model / SERVING} names version {folder.version} as {names[folder.version]}; take it out there first"
            )
