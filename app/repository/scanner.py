"""Which model versions lie in `models/`: `<name>/<version>/`, laid out as TensorFlow Serving does."""

import re
from dataclasses import dataclass
from pathlib import Path

from app.repository.manifest import NAME_PATTERN


@dataclass(frozen=True, slots=True)
class VersionFolder:
    """A folder that claims to hold one version of a model."""

    name: str
    version: int
    path: Path


@dataclass(frozen=True, slots=True)
class Failure:
    """A folder that cannot be served, and why; `folder` is relative to `models/`."""

    folder: str
    reason: str


def scan(models: Path) -> tuple[dict[str, list[VersionFolder]], list[Failure]]:
    """Every model's versions, newest first, and the folders that hold none.

    Hidden folders, and ones whose name is not a number, are not versions.
    """
    found: dict[str, list[VersionFolder]] = {}
    failures: list[Failure] = []
    for model in sorted(path for path in models.iterdir() if path.is_dir() and not path.name.startswith(".")):
        try:
            versions = _versions(model)
        except OSError as error:
            failures.append(Failure(_shown(model), f"cannot be read: {error.strerror}"))
            continue
        if not re.fullmatch(NAME_PATTERN, model.name):
            reason = "expected a name of a–z, 0–9, '_', '-' and '.', 64 characters at most"
            failures.append(Failure(_shown(model), reason))
        elif not versions:
            failures.append(Failure(_shown(model), "expected a version folder, such as 1/; received none"))
        else:
            found[model.name] = versions
    return found, failures


def _versions(model: Path) -> list[VersionFolder]:
    """The model's version folders, newest first."""
    paths = [path for path in model.iterdir() if path.is_dir() and re.fullmatch(r"[1-9][0-9]{0,17}", path.name)]
    ordered = sorted(paths, key=lambda path: int(path.name), reverse=True)
    return [VersionFolder(model.name, int(path.name), path) for path in ordered]


def _shown(model: Path) -> str:
    """The folder's name as text that can be encoded, whatever bytes it has on the disk."""
    return model.name.encode(errors="backslashreplace").decode()
