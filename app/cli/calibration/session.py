"""One calibration from the version's name to its written plan."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

from app.cli.calibration.progress import Progress
from app.cli.versions import find_version
from app.errors import ModelInvalid
from app.inference.calibration.choice import choose_plan
from app.inference.calibration.conditions import Conditions
from app.inference.calibration.measurement import Measurement
from app.inference.calibration.result import Calibration
from app.inference.calibration.rows import described, sample_rows
from app.lifecycle.version_files import derive_manifest, read_version
from app.repository.manifest import Manifest, Plan, RuntimeName, write_manifest, write_plan
from app.repository.scanner import VersionFolder
from app.repository.serving import read_serving
from app.tasks import open_task
from app.types import Signature, Tensors


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was measured and what follows; `rows` says what was run, `before` is the plan that stood there."""

    folder: VersionFolder
    conditions: Conditions
    calibration: Calibration
    rows: str
    before: Plan | None
    plan: Plan
    slo_p99_ms: float | None
    is_written: bool

    @property
    def name(self) -> str:
        """The version as users name it."""
        return f"{self.folder.name}/{self.folder.version}"

    @property
    def machine(self) -> str:
        """Where it was measured."""
        cores = len(os.sched_getaffinity(0))
        return f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}"


def run_calibration(models: Path, wanted: str, conditions: Conditions, *, is_dry: bool) -> Outcome:
    """Measure the version that is `wanted` and write its plan, unless the run is dry.

    Raises `ModelNotFound` or `ModelInvalid` where there is no such version, it is broken, or nothing here can run it;
    then, and after Ctrl-C, nothing is written.
    """
    folder = find_version(models, wanted)
    manifest = read_version(folder)
    slo_p99_ms = read_serving(folder.path.parent).slo_p99_ms
    promised = manifest.signature.signature() if manifest else None
    before = manifest.plan if manifest else None
    text = manifest.text if manifest else None

    def rows_for(signature: Signature) -> Tensors:
        task = open_task(manifest or derive_manifest(folder, signature), folder.path)
        return sample_rows(signature, conditions.rows, folder.path, task, text)

    with Progress() as progress:
        measurement = Measurement(folder.path, promised, conditions, progress.told)
        found = measurement.run(before.runtime if before else None, rows_for)
    plan = choose_plan(found.trials, slo_p99_ms / 1000 if slo_p99_ms else None, _differing(found, before))
    if not is_dry:
        _write(folder, manifest, found.signature, plan)
    shown = described(found.signature, text)
    return Outcome(folder, conditions, found, shown, before, plan, slo_p99_ms, not is_dry)


def _differing(found: Calibration, before: Plan | None) -> list[RuntimeName]:
    """The runtimes that gave other answers, now or before; one that is not installed today may be tomorrow."""
    measured = {trial.runtime for trial in found.trials}
    known = before.differing if before else ()
    return [*found.differing, *(name for name in known if name not in {*measured, *found.differing})]


def _write(folder: VersionFolder, manifest: Manifest | None, signature: Signature, plan: Plan) -> None:
    """Put the plan into the manifest; an adopted folder gets one, which from then on vouches for its files."""
    try:
        if manifest is not None:
            write_plan(folder.path, plan)
        else:
            content = derive_manifest(folder, signature).model_copy(update={"plan": plan})
            write_manifest(folder.path, content.model_dump(exclude={"files"}))
    except OSError as error:
        raise ModelInvalid(f"the plan cannot be written to {folder.path}: {error.strerror}") from None
