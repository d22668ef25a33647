"""The result for machines, and as one HTML file for people who were not there."""

import json
from html import escape
from pathlib import Path
from typing import Any

from app.bench.axis import linear_axis, log_axis
from app.bench.chart import Line, draw
from app.bench.report import PAGE, notes_html, table_html
from app.bench.style import STYLE
from app.cli.calibration.session import Outcome
from app.cli.calibration.table import lines_of, notes_of, table_of
from app.errors import ModelInvalid


def to_json(outcome: Outcome) -> str:
    """Everything that was measured, as indented JSON."""
    return json.dumps(document_of(outcome), indent=2, ensure_ascii=False)


def document_of(outcome: Outcome) -> dict[str, Any]:
    """The same, ready for JSON."""
    found = outcome.calibration
    return {
        "model": outcome.name,
        "machine": outcome.machine,
        "rows": outcome.rows,
        "reference": found.reference,
        "contention": None if found.contention is None else round(found.contention, 4),
        "trials": [
            {
                "runtime": trial.runtime,
                "threads": trial.threads,
                "difference": trial.difference,
                "batch_seconds": {str(rows): round(taken, 7) for rows, taken in trial.seconds.items()},
            }
            for trial in found.trials
        ],
        "excluded": [
            {"runtime": one.runtime, "reason": one.reason, "difference": _finite(one.difference)}
            for one in found.exclusions
        ],
        "slo_p99_ms": outcome.slo_p99_ms,
        "before": outcome.before.model_dump(mode="json") if outcome.before else None,
        "plan": outcome.plan.model_dump(mode="json"),
        "is_written": outcome.is_written,
    }


def write_page(outcome: Outcome, path: Path) -> None:
    """Write the HTML file; raises `ModelInvalid` where it cannot be written."""
    try:
        path.write_text(_page(outcome), encoding="utf-8")
    except OSError as error:
        raise ModelInvalid(f"cannot write {path}: {error.strerror}") from None


def _page(outcome: Outcome) -> str:
    """Table, chart and notes; well-formed XML as well."""
    lines = [Line(name, points, has_marks=True) for name, points in lines_of(outcome).items()]
    sizes, rates = ([point[side] for line in lines for point in line.points] for side in (0, 1))
    axes = log_axis("rows of a batch", min(sizes), max(sizes)), linear_axis("rows per second", max(rates))
    title = f"horngate calibrate: {outcome.name}"
    content = [
        f"<h1>{escape(outcome.name)}</h1>",
        f"<p>{escape(outcome.rows)}<br/>{escape(outcome.machine)}</p>",
        table_html(table_of(outcome)),
        f"<figure>\n{draw('Rows per second over the rows of a batch', *axes, lines)}\n</figure>",
        notes_html(list(notes_of(outcome))),
    ]
    return PAGE.format(title=escape(title), style=STYLE, content="\n".join(content))


def _finite(number: float | None) -> float | None:
    """JSON knows no infinity: answers that cannot be compared have no figure."""
    return None if number is None or number == float("inf") else number
