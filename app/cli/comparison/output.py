"""The comparison for machines: JSON, and a CSV file of the rows on which the two differ."""

import json
from dataclasses import asdict
from typing import Any

from app.cli.comparison.session import Comparison, Side
from app.cli.evaluation.output import as_csv, figures_document
from app.evaluation.judged import answer_of
from app.labelled.problems import problem_lines


def to_json(found: Comparison) -> str:
    """All figures, as indented JSON."""
    gap = asdict(found.difference)
    document: dict[str, Any] = {
        "data": found.data.name,
        "is_whole": found.is_whole,
        "asked_rows": found.asked_rows,
        "labels": list(found.sides[0].judged.labels),
        "sides": [_side(side) for side in found.sides],
        "difference": gap | {"differing": [found.places[row] for row in found.difference.differing]},
        "left_out": problem_lines(found.problems),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def differing_csv(found: Comparison) -> str:
    """A line for each row on which the likeliest labels differ: its place, the true label, both answers and scores."""
    head = ["place", "label", *(f"{side.name} {name}" for side in found.sides for name in ("answer", "score"))]
    return as_csv(head, (_line(found, row) for row in found.difference.differing))


def _line(found: Comparison, row: int) -> list[object]:
    judged = found.sides[0].judged
    told: list[object] = [found.places[row], judged.labels[int(judged.targets[row])]]
    for side in found.sides:
        told += [answer_of(side.predictions[row]), float(side.judged.probabilities[row].max())]
    return told


def _side(side: Side) -> dict[str, Any]:
    return {
        "model": side.name,
        "runtime": side.running.runtime,
        **figures_document(side.figures),
        "milliseconds_per_row": round(1000 * side.seconds_per_row, 5),
        "milliseconds_alone": round(1000 * side.seconds_alone, 5),
        "why": list(side.running.why),
    }
