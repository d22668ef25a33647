"""How far a run has come, kept beside its answers: a kill at any moment loses no row and doubles none."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app.labelled.errors import DataInvalid


@dataclass(slots=True)
class Progress:
    """So many rows are written, of which so many failed, for each reason, in so many bytes; `run` tells of what."""

    run: Mapping[str, Any]
    rows: int = 0
    failed: int = 0
    bytes: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


def read_progress(path: Path, run: Mapping[str, Any]) -> Progress:
    """The progress in a file; raises `DataInvalid` where it is that of another run than `run`, or no progress."""
    try:
        found = Progress(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise DataInvalid(f"{path} cannot be read as how far a run came ({error}); begin again with --force") from None
    differing = [name for name, value in run.items() if found.run.get(name) != value]
    if differing:
        name = differing[0]
        raise DataInvalid(
            f"expected to go on with {name} {found.run.get(name)}; received {run[name]}; begin again with --force"
        )
    return found


def write_progress(path: Path, progress: Progress) -> None:
    """Write it beside the file, then over it, so that there is always the old one or the new one, whole."""
    partial = path.with_name(f"{path.name}.new")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(asdict(progress), file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
