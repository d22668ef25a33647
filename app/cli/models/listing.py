"""Every version that lies in the models folder, as far as its manifest tells; no file is hashed and no model loaded."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from app.cli.alignment import aligned
from app.cli.models.describing import bytes_in, size_text
from app.cli.versions import check_folder
from app.errors import ModelInvalid
from app.inference.runtimes.signature_def import SAVED_MODEL
from app.repository.manifest import MANIFEST, read_manifest
from app.repository.scanner import Failure, VersionFolder, scan
from app.repository.serving import ServingConfig, read_serving

HEAD = ["model", "version", "serves", "task", "runtime", "size"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One version: `serves` are what it answers to (`default`, labels), `runtime` the plan's; or why it cannot be read.

    A version without a plan, or adopted without a manifest, has no runtime.
    """

    name: str
    version: int
    serves: tuple[str, ...]
    task: str
    runtime: str | None
    bytes: int
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The versions, by name, newest first, and the folders that hold none."""

    versions: tuple[Listed, ...]
    failures: tuple[Failure, ...]


def list_models(models: Path) -> Listing:
    """Look at every folder; raises `ModelInvalid` where `models` is none."""
    check_folder(models)
    found, failures = scan(models)
    listed = [_listed(folder, folders[0]) for folders in found.values() for folder in folders]
    return Listing(tuple(listed), tuple(failures))


def serves(config: ServingConfig, version: int, newest: int) -> tuple[str, ...]:
    """What a version answers to: `default`, which is the newest where nothing else is said, and its labels."""
    labels = [label for label, pinned in config.labels.items() if pinned == version]
    return ("default", *labels) if (config.default or newest) == version else tuple(labels)


def to_json(listing: Listing) -> str:
    """The listing as indented JSON."""
    return json.dumps(asdict(listing), indent=2, ensure_ascii=False)


def report_text(listing: Listing) -> str:
    """The listing as a table, with what is wrong below it."""
    rows = [
        [one.name, str(one.version), ", ".join(one.serves) or "–", one.task, one.runtime or "–", size_text(one.bytes)]
        for one in listing.versions
    ]
    return "\n".join([*aligned([HEAD, *rows]), *_problems(listing)])


def _problems(listing: Listing) -> Iterator[str]:
    for one in listing.versions:
        if one.problem:
            yield f"{one.name}/{one.version}: {one.problem}"
    for failure in listing.failures:
        yield f"{failure.folder}: {failure.reason}"


def _listed(folder: VersionFolder, newest: VersionFolder) -> Listed:
    """One version."""
    task, runtime, problem = "–", None, None
    answers_to: tuple[str, ...] = ()
    try:
        if (folder.path / MANIFEST).exists() or not (folder.path / SAVED_MODEL).exists():
            manifest = read_manifest(folder.path)
            task, runtime = manifest.task, manifest.plan.runtime if manifest.plan else None
        else:
            task = "tensor"
        answers_to = serves(read_serving(folder.path.parent), folder.version, newest.version)
    except ModelInvalid as error:
        problem = str(error)
    return Listed(folder.name, folder.version, answers_to, task, runtime, bytes_in(folder.path), problem)
