"""The result for machines, and as one file for people who were not there."""

import json
from pathlib import Path
from typing import Any

from app.bench.errors import BenchInvalid
from app.bench.limit import Limit
from app.bench.measurement import Measurement
from app.bench.report import report_html
from app.bench.session import Outcome


def to_json(outcome: Outcome) -> str:
    """Everything that was measured, as indented JSON."""
    prepared = outcome.prepared
    document = {
        "url": prepared.url,
        "body": prepared.body,
        "model": prepared.answer.model,
        "started": outcome.started.isoformat(timespec="seconds"),
        "machine": outcome.machine,
        "generator_processes": outcome.workers,
        "was_interrupted": outcome.was_interrupted,
        "problem": outcome.problem,
        "steps": [{**one.to_json(), **_share(outcome.limit, one)} for one in outcome.measurements],
        "limit": _limit(outcome.limit) if outcome.limit else None,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def write_report(outcome: Outcome, path: Path) -> None:
    """Write the HTML report; raises `BenchInvalid` where the file cannot be written."""
    try:
        path.write_text(report_html(outcome), encoding="utf-8")
    except OSError as error:
        raise BenchInvalid(f"cannot write {path}: {error.strerror}") from None


def _limit(limit: Limit) -> dict[str, Any]:
    """The limit and its parts."""
    row = limit.row
    return {
        "cpu_us_per_request": None if limit.cpu_us is None else round(limit.cpu_us, 1),
        "empty_exchange": limit.exchange.to_json(),
        "bare_runtime": {
            "model": row.model,
            "threads": 1,
            "best_batch": row.best_batch,
            "rows_per_cpu_second": round(1 / row.seconds, 1),
            "cpu_us_per_row_by_batch": {str(rows): round(1e6 * cost, 2) for rows, cost in row.seconds_by_batch.items()},
        },
    }


def _share(limit: Limit | None, measurement: Measurement) -> dict[str, float]:
    """The step's part of the limit, where both are known."""
    share = limit.share(measurement) if limit else None
    return {} if share is None else {"share_of_limit": round(share, 3)}
