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
        versions = [path for path in model.iterdir() if path.is_dir() and re.fullmatch(r"[1-9]\d{0,17}", path.name)]
        if not re.match(NAME_PATTERN, model.name):
            failures.append(Failure(model.name, "expected a name of a–z, 0–9, '_', '-' and '.', 64 characters at most"))
        elif not versions:
            failures.append(Failure(model.name, "expected a version folder, such as 1/; received none"))
        else:
            ordered = sorted(versions, key=lambda path: int(path.name), reverse=True)
            found[model.name] = [VersionFolder(model.name, int(path.name), path) for path in ordered]
    return found, failures
