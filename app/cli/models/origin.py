"""`report.json` of an added version: what it was made from and by what, and how it compares."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from app.conversion.result import Converted
from app.conversion.source import PACKAGES, Source
from app.inference.runtimes.signature_def import SAVED_MODEL
from app.repository.manifest import sha256_of

REPORT = "report.json"


def write_origin(folder: Path, source: Source, made: Converted) -> None:
    """Write the report into the folder."""
    parity = {
        name: {"failed": found} if isinstance(found, str) else asdict(found) for name, found in made.parity.items()
    }
    document: dict[str, Any] = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "source": _described(source),
        "parity": parity,
        "libraries": {} if source.kind == "onnx" else _libraries(),
    }
    (folder / REPORT).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _described(source: Source) -> dict[str, str]:
    """The source's name, format and content."""
    is_folder = source.kind == "saved_model"
    told = {"name": source.path.resolve().name, "format": source.kind}
    told["sha256"] = sha256_of(source.path / SAVED_MODEL if is_folder else source.path)
    return {**told, "signature": source.signature} if is_folder else told


def _libraries() -> dict[str, str]:
    """The versions of what converted it."""
    found = {}
    for name in (*PACKAGES, "tensorflow-cpu"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
