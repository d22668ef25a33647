"""The version that a user names."""

import re
from pathlib import Path

from app.errors import ModelInvalid, ModelNotFound
from app.inference.runtimes.signature_def import SAVED_MODEL
from app.nearest import nearest_hint
from app.repository.manifest import MANIFEST
from app.repository.scanner import VersionFolder, scan
from app.repository.serving import read_serving

VERSION = re.compile("[1-9][0-9]*")


def split_version(wanted: str) -> tuple[str, int | None]:
    """`name` or `name/version` as the two; raises `ModelNotFound` for anything else."""
    name, slash, version = wanted.strip("/").partition("/")
    if not slash:
        return name, None
    if not VERSION.fullmatch(version):
        raise ModelNotFound(f"expected a model as name or name/version; received {wanted!r}")
    return name, int(version)


def check_folder(models: Path) -> None:
    """Raise `ModelInvalid` where there is no folder of models."""
    if not models.is_dir():
        raise ModelInvalid(f"expected a folder of models at {models}; name it with --models-dir")


def find_version(models: Path, wanted: str) -> VersionFolder:
    """The folder of `name/version`, or of the newest version of `name`; raises `ModelNotFound` or `ModelInvalid`."""
    name, version = split_version(wanted)
    check_folder(models)
    found, failures = scan(models)
    if name not in found:
        reasons = [failure.reason for failure in failures if failure.folder == name]
        known = nearest_hint(name, found) or f"; there are: {', '.join(found) or 'none'}"
        raise ModelNotFound(f"{models / name}: {reasons[0]}" if reasons else f"no model {name!r} in {models}{known}")
    if version is None:
        return found[name][0]
    for folder in found[name]:
        if folder.version == version:
            return folder
    versions = ", ".join(str(folder.version) for folder in found[name])
    raise ModelNotFound(f"{name} has no version {version}; there are: {versions}")


def find_served(models: Path, wanted: str) -> VersionFolder:
    """The same, but of a `name` the version that a server answers with; `wanted` may also be a version's own folder.

    Raises `ModelNotFound` or `ModelInvalid`.
    """
    folder = Path(wanted)
    if any((folder / file).is_file() for file in (MANIFEST, SAVED_MODEL)):
        folder = folder.resolve()
        if not VERSION.fullmatch(folder.name):
            raise ModelInvalid(f"expected a folder <name>/<version>, such as sentiment/2; received {folder}")
        return VersionFolder(folder.parent.name, int(folder.name), folder)
    newest = find_version(models, wanted)
    default = read_serving(newest.path.parent).default
    if "/" in wanted.strip("/") or default is None:
        return newest
    return find_version(models, f"{newest.name}/{default}")
