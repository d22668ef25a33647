"""What `horngate models add` prints: what the version takes and gives, how it compares, and how it runs best."""

import json
from collections.abc import Iterator
from typing import Any

from app.cli.alignment import aligned
from app.cli.calibration.output import document_of
from app.cli.calibration.table import notes_of, table_of
from app.cli.models.adding import Added
from app.cli.models.describing import named_lines, parity_text, signature_lines
from app.repository.manifest import Tensors


def report_text(added: Added) -> str:
    """The whole result."""
    outcome = added.outcome
    parts = [
        f"{outcome.name} from {added.source.path}\n{named_lines(_facts(added))}",
        "\n".join(["Rows per second, by the rows of a batch", *aligned(table_of(outcome))]),
        "\n".join([*notes_of(outcome), *_advice(added)]),
    ]
    return "\n\n".join(parts)


def to_json(added: Added) -> str:
    """The same as indented JSON."""
    document: dict[str, Any] = {
        "source": str(added.source.path),
        "task": added.meaning.task,
        "labels": list(added.meaning.labels),
        "signature": Tensors.of(added.made.signature).model_dump(mode="json"),
        "parity": added.made.parity_object(),
        "note": added.meaning.note,
        "calibration": document_of(added.outcome),
    }
    return json.dumps({"model": added.outcome.name, **document}, indent=2, ensure_ascii=False)


def _facts(added: Added) -> Iterator[tuple[str, str]]:
    """What the version is."""
    yield "task", added.meaning.task
    yield from signature_lines(added.made.signature)
    if added.meaning.labels:
        yield "labels", ", ".join(added.meaning.labels)
    for name, found in added.made.parity.items():
        told = f"left out: {found}" if isinstance(found, str) else parity_text(found.max_abs_diff, found.rows)
        yield "parity", f"{name} {told}"


def _advice(added: Added) -> Iterator[str]:
    """What was left out, and what comes next."""
    if added.meaning.note:
        yield added.meaning.note
    models = added.outcome.folder.path.parent.parent
    yield f"Serve it: horngate serve --models-dir {models}; /docs has a request that works."
