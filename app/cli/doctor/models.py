"""The models folder: whether every version is whole, and can run here as it is planned."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.cli.doctor.finding import Finding, ok, problem, warning
from app.cli.models.origin import REPORT
from app.errors import HorngateError
from app.lifecycle.candidates import refusal
from app.lifecycle.version_files import read_version
from app.repository.manifest import Manifest
from app.repository.scanner import VersionFolder, scan
from app.repository.serving import ServingConfig, read_serving
from app.tasks import open_task

MODELS = "models"
COPY = "copy the whole folder again, or export it again"


def check_models(models: Path, required: Sequence[str]) -> Iterator[Finding]:
    """Every version in the folder, and those that the settings require."""
    if not models.is_dir():
        yield problem(MODELS, f"there is no folder {models}", "name it with --models-dir, or set HORNGATE_MODELS_DIR")
        return
    found, failures = scan(models)
    for failure in failures:
        yield problem(MODELS, f"{failure.folder}: {failure.reason}", "mend the folder, or remove it")
    if not found:
        yield problem(MODELS, f"{models} holds no model", "add one: horngate models add model.keras --name NAME")
    for name in required:
        if name not in found:
            yield problem(MODELS, f"{name} is required and not there", "add it, or change HORNGATE_REQUIRED_MODELS")
    for name, versions in found.items():
        yield from _model(models / name, versions)


def _model(folder: Path, versions: list[VersionFolder]) -> Iterator[Finding]:
    """What its owner configured, and each version."""
    try:
        config = read_serving(folder)
    except HorngateError as error:
        yield problem(MODELS, f"{folder.name}: {error}", "mend serving.json")
        config = ServingConfig()
    present = {version.version for version in versions}
    for number in sorted({*config.labels.values(), *([config.default] if config.default else [])} - present):
        yield problem(
            MODELS, f"{folder.name}: serving.json names version {number}, which is not there", "mend serving.json"
        )
    for version in versions:
        yield _version(version)


def _version(folder: VersionFolder) -> Finding:
    """Whether one version's files are those of its manifest, and its plan can be followed here."""
    place = f"{folder.name}/{folder.version}"
    try:
        manifest = read_version(folder)
        if manifest is None:
            advice = f"measure it, which gives it a manifest too: horngate calibrate {place}"
            return warning(MODELS, f"{place}: a SavedModel without a manifest, served as it is", advice)
        open_task(manifest, folder.path)
    except (HorngateError, OSError) as error:
        return problem(MODELS, f"{place}: {error}", COPY)
    return _planned(place, folder.path, manifest)


def _planned(place: str, folder: Path, manifest: Manifest) -> Finding:
    """Whether the plan can be followed."""
    whole = f"{place}: {len(manifest.files)} files are as the manifest says"
    measure = f"measure on this machine: horngate calibrate {place}"
    if manifest.plan is None:
        return warning(MODELS, f"{whole}; {manifest.plan_fault or 'it has no plan'}", measure)
    reason = refusal(manifest.plan.runtime, folder, manifest)
    if reason is not None:
        return warning(MODELS, f"{whole}; its plan cannot be followed here: {reason}", measure)
    return ok(MODELS, f"{whole}; planned for {manifest.plan.runtime}{_machine(folder)}")


def _machine(folder: Path) -> str:
    """Where the version was made, as far as its report tells."""
    try:
        hardware = json.loads((folder / REPORT).read_text(encoding="utf-8"))["hardware"]
        return f"; made on {hardware['processor']}, {hardware['cores']} cores"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
