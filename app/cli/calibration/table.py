"""The result as text for a terminal: table, plot, what was left out, and the plan."""

from collections.abc import Iterator

from app.cli.alignment import aligned
from app.cli.calibration.plot import plot_text
from app.cli.calibration.session import Outcome
from app.inference.calibration.agreement import TOLERANCE
from app.inference.calibration.choice import Trial, batch_bound, rows_within
from app.lifecycle.running import Running
from app.repository.manifest import Plan

BUSY_SHARE = 0.05
"""From here on the result is doubtful."""


def report_text(outcome: Outcome) -> str:
    """The whole result."""
    parts = [
        f"{outcome.name} on {outcome.machine}\n{outcome.rows}",
        "\n".join(["Rows per second, by the rows of a batch", *aligned(table_of(outcome))]),
        plot_text(lines_of(outcome)),
        "\n".join(notes_of(outcome)),
    ]
    return "\n\n".join(parts)


def table_of(outcome: Outcome) -> list[list[str]]:
    """A heading and a row for each runtime and thread number; the chosen batch is marked."""
    sizes = sorted({rows for trial in outcome.calibration.trials for rows in trial.seconds})
    head = ["runtime", "threads", "difference", *(f"{rows:,}" for rows in sizes)]
    lines = [
        [trial.runtime, str(trial.threads), f"{trial.difference:.1e}", *(_rate(outcome, trial, rows) for rows in sizes)]
        for trial in outcome.calibration.trials
    ]
    return [head, *lines]


def lines_of(outcome: Outcome) -> dict[str, list[tuple[int, float]]]:
    """Rows per second over batch size, by runtime, and thread number where there are several."""
    several = len(outcome.conditions.threads) > 1
    return {
        f"{trial.runtime}, {_count(trial.threads, 'thread')}" if several else trial.runtime: [
            (rows, rows / taken) for rows, taken in sorted(trial.seconds.items())
        ]
        for trial in outcome.calibration.trials
    }


def notes_of(outcome: Outcome) -> Iterator[str]:
    """How it was measured, what was left out and why, and what is planned now."""
    found = outcome.calibration
    yield f"Answers may differ from those of {found.reference} by {TOLERANCE:g} at most; times are medians."
    if (found.contention or 0) > BUSY_SHARE:
        yield (
            f"Other processes kept it waiting for a core for {found.contention:.0%} of the time, "
            "which tells against long batches: measure again on a quiet machine."
        )
    for exclusion in found.exclusions:
        yield f"Left out: {exclusion.runtime}: {exclusion.reason}"
    yield f"Plan: {told(outcome.plan)}"
    if outcome.slo_p99_ms is not None:
        yield from _service_level(outcome.plan, outcome.slo_p99_ms)
    if outcome.before is not None and told(outcome.before) != told(outcome.plan):
        yield f"Before: {told(outcome.before)}"
    place = outcome.folder.path / "manifest.json"
    yield f"Written to {place}; servers follow it from their next start." if outcome.is_written else "Not written."


def told(plan: Plan) -> str:
    """A plan in words."""
    running = Running.of(plan)
    taken = plan.batch_seconds.get(plan.max_batch_rows)
    time = "" if taken is None else f" ({1000 * taken:.3g} ms)"
    where = f"in a {running.place}" if running.place in {"thread", "process"} else f"on the {running.place}"
    parts = (_count(plan.threads, "thread"), _count(plan.instances, "instance"))
    return f"{plan.runtime}, {', '.join(parts)} a worker, batches of up to {plan.max_batch_rows} rows{time}, {where}"


def _service_level(plan: Plan, slo_p99_ms: float) -> Iterator[str]:
    """How the owner's service level bounds the plan's batch."""
    bound = batch_bound(slo_p99_ms / 1000)
    rows = rows_within(plan, slo_p99_ms / 1000)
    follows = "rows run one by one, and even so it cannot be held" if rows is None else f"{_count(rows, 'row')} at most"
    yield f"slo_p99_ms {slo_p99_ms:g} leaves {1000 * bound:.3g} ms for a batch: {follows}."


def _rate(outcome: Outcome, trial: Trial, rows: int) -> str:
    """One cell."""
    taken = trial.seconds.get(rows)
    if taken is None:
        return "–"
    plan = outcome.plan
    is_chosen = (trial.runtime, trial.threads, rows) == (plan.runtime, plan.threads, plan.max_batch_rows)
    return f"{'▸ ' if is_chosen else ''}{rows / taken:,.0f}"


def _count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
