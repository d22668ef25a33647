"""One version in full: signature, plan, figures, origin and card."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.calibration.table import told
from app.cli.models.describing import bytes_in, named_lines, signature_lines, size_text
from app.cli.models.listing import serves
from app.cli.versions import find_served
from app.lifecycle.opening import open_runtimes
from app.lifecycle.version_files import derive_manifest, read_version
from app.repository.manifest import Manifest
from app.repository.scanner import VersionFolder, scan
from app.repository.serving import read_serving

CARD = "MODEL_CARD.md"


@dataclass(frozen=True, slots=True)
class Shown:
    """A version: what it serves, what its manifest says, and its card where it has one."""

    folder: VersionFolder
    serves: tuple[str, ...]
    manifest: Manifest
    is_adopted: bool
    card: str | None

    @property
    def name(self) -> str:
        """The version as users name it."""
        return f"{self.folder.name}/{self.folder.version}"


def show_model(models: Path, wanted: str) -> Shown:
    """Read the version that is `wanted`; raises `ModelNotFound`, or `ModelInvalid` where its files do not agree.

    A folder without a manifest is opened as a server does, to learn its signature.
    """
    folder = find_served(models, wanted)
    manifest = read_version(folder)
    answers_to: tuple[str, ...] = ()
    if folder.path.parent.parent.samefile(models):
        newest = scan(models)[0][folder.name][0].version
        answers_to = serves(read_serving(folder.path.parent), folder.version, newest)
    card = folder.path / CARD
    text = card.read_text(encoding="utf-8") if card.is_file() else None
    return Shown(folder, answers_to, manifest or _derived(folder), manifest is None, text)


def report_text(shown: Shown) -> str:
    """All of it, the card last."""
    facts = f"{shown.name}\n{named_lines(_facts(shown))}"
    return f"{facts}\n\n{shown.card.strip()}" if shown.card else facts


def to_json(shown: Shown) -> str:
    """The same as indented JSON; what the manifest says stands under its own names."""
    document: dict[str, Any] = {
        "folder": str(shown.folder.path),
        "serves": list(shown.serves),
        "bytes": bytes_in(shown.folder.path),
        "is_adopted": shown.is_adopted,
        "manifest": shown.manifest.model_dump(mode="json", exclude_none=True),
        "model_card": shown.card,
    }
    return json.dumps({"model": shown.name, **document}, indent=2, ensure_ascii=False)


def _derived(folder: VersionFolder) -> Manifest:
    """What a server would say of a folder that it adopts."""
    opened = open_runtimes(folder, None, None)
    opened.close()
    return derive_manifest(folder, opened.signature)


def _facts(shown: Shown) -> Iterator[tuple[str, str]]:
    manifest = shown.manifest
    yield "folder", f"{shown.folder.path} ({size_text(bytes_in(shown.folder.path))})"
    yield "serves", ", ".join(shown.serves) or "nothing: neither the default nor a label names it"
    yield "task", manifest.task
    yield from signature_lines(manifest.signature.signature())
    if manifest.labels:
        yield "labels", ", ".join(manifest.labels)
    if shown.is_adopted:
        yield "plan", "none: a SavedModel without a manifest, adopted as it is; horngate calibrate gives it both"
    else:
        yield "plan", told(manifest.plan) if manifest.plan else f"none: {manifest.plan_fault or 'nothing was measured'}"
    figures = [f"{name} {figure:,.4g}" for name, figure in manifest.statistics.items() if "/" not in name]
    if figures:
        yield "figures", ", ".join(figures)
