"""The result for machines: JSON, and a CSV file with a line for each row."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.cli.evaluation.session import Evaluation
from app.evaluation.figures import Figures
from app.evaluation.judged import answer_of
from app.labelled.errors import DataError
from app.labelled.problems import problem_lines
from app.processing.classification import rounded


def to_json(found: Evaluation) -> str:
    """All figures, as indented JSON."""
    document: dict[str, Any] = {
        "model": found.name,
        "data": found.data.name,
        "is_whole": found.is_whole,
        "asked_rows": found.asked_rows,
        "labels": list(found.judged.labels),
        **figures_document(found.figures),
        "runtime": found.running.runtime,
        "seconds": round(found.seconds, 4),
        "left_out": problem_lines(found.problems),
        "why": list(found.running.why),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def figures_document(figures: Figures) -> dict[str, Any]:
    """The figures ready for JSON, to six decimals."""
    document: dict[str, Any] = _rounded(asdict(figures))
    return document


def predictions_csv(found: Evaluation) -> str:
    """A line for each answered row: its place, the true label, the answer, its score and every label's probability."""
    rows = found.judged
    head = ["place", "label", "answer", "score", "is_right", *(f"p({label})" for label in rows.labels)]
    columns = zip(
        found.places,
        (rows.labels[target] for target in rows.targets.tolist()),
        (answer_of(prediction) for prediction in found.predictions),
        rows.probabilities.max(axis=1).tolist(),
        (str(is_right).lower() for is_right in rows.is_right.tolist()),
        rows.probabilities.tolist(),
        strict=True,
    )
    return as_csv(head, ([*told, *shares] for *told, shares in columns))


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows below their heading, as RFC 4180 has them, but with a line feed alone at each end."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return lines.getvalue()


def write_file(path: Path, content: str) -> None:
    """Write a file of text; raises `DataError` where it cannot be written."""
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise DataError(f"cannot write {path}: {error.strerror}") from None


def _rounded(value: Any) -> Any:
    """The same with every float, however deep, rounded to what the predictions have."""
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return rounded(value) if isinstance(value, float) else value
