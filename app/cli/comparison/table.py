"""The comparison as text for a terminal."""

from collections.abc import Iterator

from app.cli.alignment import aligned
from app.cli.comparison.session import Comparison, Side
from app.cli.evaluation.table import notes_of, running_text

SHOWN_PLACES = 10
"""Of the rows that differ; the file of `--output` has all."""


def report_text(found: Comparison) -> str:
    """The whole result."""
    parts = [
        "\n".join(_head(found)),
        "\n".join(aligned(_table(found))),
        "\n".join(_verdict(found)),
        "\n".join(notes_of(found.problems, *(side.running for side in found.sides))),
    ]
    return "\n\n".join(part for part in parts if part)


def _head(found: Comparison) -> Iterator[str]:
    rows = len(found.places)
    for side in found.sides:
        yield f"{side.name} on {running_text(side.running)}"
    yield f"{found.data.name}: {rows:,} rows"
    if not found.is_whole:
        yield f"Interrupted: a random {rows:,} of {found.asked_rows:,} rows"


def _table(found: Comparison) -> list[list[str]]:
    """A column for each side, a line for each figure."""
    columns = [_column(side) for side in found.sides]
    names = ["", "accuracy", "95 % interval", "macro F1", "log loss", "calibration error", "neutral"]
    names += ["ms a row, in batches", "ms of one alone"]
    return [list(line) for line in zip(names, *columns, strict=True)]


def _column(side: Side) -> list[str]:
    figures, accuracy = side.figures, side.figures.accuracy
    return [
        side.name,
        f"{accuracy.value:.4f}",
        f"{accuracy.low:.4f}–{accuracy.high:.4f}",
        f"{figures.macro_f1:.4f}",
        f"{figures.log_loss:.4f}",
        f"{figures.ece:.4f}",
        f"{figures.neutral_share:.2%}",
        f"{1000 * side.seconds_per_row:.3g}",
        f"{1000 * side.seconds_alone:.3g}",
    ]


def _verdict(found: Comparison) -> Iterator[str]:
    """How far the two are apart, and whether that is more than chance."""
    gap = found.difference
    first, second = (side.name for side in found.sides)
    yield f"Difference in accuracy, {second} less {first}: {gap.value:+.4f} ({gap.low:+.4f} to {gap.high:+.4f}, 95 %)"
    yield f"Right in {first} alone: {gap.only_first:,} rows; in {second} alone: {gap.only_second:,}"
    sense = "more than chance explains" if gap.is_significant else "chance explains it"
    yield f"McNemar's exact test: p = {gap.p_value:.3g}; {sense}"
    if gap.differing:
        shown = ", ".join(found.places[row] for row in gap.differing[:SHOWN_PLACES])
        more = ", …" if len(gap.differing) > SHOWN_PLACES else ""
        yield f"They differ on {len(gap.differing):,} rows: {shown}{more}"
