"""The result as a table, and as text for a terminal."""

from collections.abc import Iterator, Sequence

from app.bench.measurement import PERCENTILES, Measurement
from app.bench.notes import notes_of
from app.bench.session import Outcome


def report_text(outcome: Outcome) -> str:
    """The whole result for a terminal."""
    prepared = outcome.prepared
    parts = [f"{prepared.url}\n{prepared.body}\n{outcome.machine}"]
    if outcome.measurements:
        parts.append(_aligned(table_of(outcome)))
    return "\n\n".join([*parts, "\n".join(notes_of(outcome))]).rstrip()


def table_of(outcome: Outcome) -> list[list[str]]:
    """A heading and a row for each step; columns that would say nothing are left out."""
    table = [["load", *(measurement.step.name for measurement in outcome.measurements)]]
    table += [[head, *(value or "–" for value in values)] for head, values in _columns(outcome) if any(values)]
    return [list(row) for row in zip(*table, strict=True)]


def _columns(outcome: Outcome) -> Iterator[tuple[str, list[str]]]:
    """Every column that there may be; an empty string says nothing."""
    yield from _rates(outcome.measurements)
    yield from _latencies(outcome.measurements)
    yield from _costs(outcome)


def _rates(measured: Sequence[Measurement]) -> Iterator[tuple[str, list[str]]]:
    """How much was answered."""
    yield "requests/s", [f"{one.rate:,.0f}" for one in measured]
    yield "rows/s", [f"{one.rows_rate:,.0f}" if one.rows > 1 else "" for one in measured]
    has_goodput = any(one.step.deadline_seconds or not one.is_clean for one in measured)
    yield "good/s", [f"{one.goodput:,.0f}" if has_goodput else "" for one in measured]


def _latencies(measured: Sequence[Measurement]) -> Iterator[tuple[str, list[str]]]:
    """How long it took, where anything was accepted."""

    def column(percent: float, decimals: int) -> list[str]:
        return [f"{one.latency_ms(percent):.{decimals}f}" if one.counts.accepted.count else "" for one in measured]

    for percent in PERCENTILES:
        yield f"p{percent:g} ms", column(percent, 2)
    yield "max ms", column(100, 1)


def _costs(outcome: Outcome) -> Iterator[tuple[str, list[str]]]:
    """What went wrong, and what it took."""
    measured, limit = outcome.measurements, outcome.limit
    yield "not 2xx", [_count(one.refusals) for one in measured]
    yield "errors", [_count(one.errors) for one in measured]
    yield "timeouts", [_count(one.counts.timeouts) for one in measured]
    yield "own CPU µs", [_whole(one.own_cpu_us) for one in measured]
    yield "server CPU µs", [_whole(one.server_cpu_us) for one in measured]
    yield "of the limit", [_share(limit.share(one)) if limit else "" for one in measured]


def _count(number: int) -> str:
    """Nothing where there is none."""
    return f"{number:,}" if number else ""


def _whole(value: float | None) -> str:
    """A figure, where there is one."""
    return "" if value is None else f"{value:.0f}"


def _share(value: float | None) -> str:
    """A ratio, where there is one."""
    return "" if value is None else f"{value:.2f}"


def _aligned(table: Sequence[Sequence[str]]) -> str:
    """Columns of one width, the first to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        first, *others = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join([first, *others]))
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(lines)
