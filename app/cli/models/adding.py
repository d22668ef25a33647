"""One model added, from a user's file to a version that the server can open."""

import re
from dataclasses import dataclass
from pathlib import Path

from app.cli.calibration.progress import Progress
from app.cli.calibration.session import Outcome
from app.cli.models.converting import converted
from app.cli.models.meaning import AddedTask, Meaning, meaning_of
from app.cli.models.origin import write_origin
from app.conversion.errors import SourceInvalid
from app.conversion.result import Converted
from app.conversion.source import Source, check_packages
from app.errors import ModelInvalid
from app.inference.calibration.choice import choose_plan
from app.inference.calibration.conditions import Conditions
from app.inference.calibration.measurement import Measurement
from app.inference.calibration.rows import described, sample_rows
from app.lifecycle.opening import open_runtimes
from app.repository.manifest import NAME_PATTERN, Manifest, Plan, Tensors, read_manifest, verify_files, write_manifest
from app.repository.scanner import VersionFolder
from app.repository.serving import read_serving
from app.repository.versions import staged, version_folder
from app.tasks.tensor import TensorTask
from app.types import Signature


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be added, as which version of which name (None: the next), and what it means."""

    source: Source
    name: str
    version: int | None = None
    task: AddedTask = "tensor"
    labels: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What came of it: how it compares with its source, what it means, and how it runs best."""

    source: Source
    made: Converted
    meaning: Meaning
    outcome: Outcome


def add_model(models: Path, wanted: Wanted, conditions: Conditions) -> Added:
    """Convert, compare, calibrate and write the version, which appears whole or not at all.

    Raises a `HorngateError` that says what to do where the source cannot be served, the version stands already, or the
    folder cannot be written; then nothing is left.
    """
    check_name(wanted.name)
    check_packages(wanted.source)
    target = version_folder(models, wanted.name, wanted.version)
    try:
        with staged(target) as folder, Progress() as progress:
            added = _write(wanted, VersionFolder(wanted.name, int(target.name), folder), conditions, progress)
    except OSError as error:
        raise ModelInvalid(f"{target} cannot be written: {error.strerror or error}; nothing was left of it") from None
    verify_files(target, read_manifest(target))
    return added


def check_name(name: str) -> None:
    """Raise `SourceInvalid` for a name that no model can have."""
    if not re.fullmatch(NAME_PATTERN, name):
        raise SourceInvalid(
            f"expected a name of a–z, 0–9, '_', '-' and '.', 64 characters at most, such as flowers; received {name!r}"
        )


def _write(wanted: Wanted, folder: VersionFolder, conditions: Conditions, progress: Progress) -> Added:
    """Everything that goes into the version folder, the manifest last; and whether a server could open it."""
    progress.told(f"converting {wanted.source.path.name}", 0)
    made = converted(wanted.source, folder.path)
    meaning = meaning_of(wanted.task, wanted.labels, wanted.source, made)
    outcome = _calibrated(folder, made.signature, conditions, progress)
    write_origin(folder.path, wanted.source, made)
    manifest = write_manifest(folder.path, _content(folder, meaning, made.signature, outcome.plan))
    _refuse_what_no_server_opens(folder, manifest)
    return Added(wanted.source, made, meaning, outcome)


def _calibrated(folder: VersionFolder, signature: Signature, conditions: Conditions, progress: Progress) -> Outcome:
    """How the model runs best here, as `horngate calibrate` finds it."""
    measurement = Measurement(folder.path, signature, conditions, progress.told)
    task = TensorTask(signature)
    found = measurement.run(None, lambda given: sample_rows(given, conditions.rows, folder.path, task, None))
    slo_p99_ms = read_serving(folder.path.parent).slo_p99_ms
    plan = choose_plan(found.trials, slo_p99_ms / 1000 if slo_p99_ms else None, found.differing)
    place = VersionFolder(folder.name, folder.version, folder.path.with_name(str(folder.version)))
    rows = described(signature, None)
    return Outcome(place, conditions, found, rows, before=None, plan=plan, slo_p99_ms=slo_p99_ms, is_written=True)


def _content(folder: VersionFolder, meaning: Meaning, signature: Signature, plan: Plan) -> dict[str, object]:
    """The manifest but for the files."""
    return {
        "name": folder.name,
        "version": folder.version,
        "task": meaning.task,
        "signature": Tensors.of(signature),
        "labels": meaning.labels,
        "plan": plan,
    }


def _refuse_what_no_server_opens(folder: VersionFolder, manifest: Manifest) -> None:
    """Raise `ModelInvalid` where the plan cannot be followed as a server follows it: loaded, and warmed with zeros."""
    opened = open_runtimes(folder, manifest, None)
    opened.close()
    if opened.running.is_degraded:
        raise ModelInvalid("; ".join(opened.running.why))
