"""Rows that were left out: named, counted, and too many of them refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.labelled.errors import DataInvalid

MAX_BROKEN_SHARE = 0.5
"""Above this share of broken rows the file itself is taken to be wrong."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was left out, and why: `place` names file and line (or image file)."""

    place: str
    reason: str


def problem_lines(problems: Sequence[Problem], places: int = 3) -> list[str]:
    """A line per reason, the most frequent first: how many rows were left out, and the first `places` of them."""
    by_reason: dict[str, list[str]] = {}
    for problem in problems:
        by_reason.setdefault(problem.reason, []).append(problem.place)
    return [
        f"{len(found):,} left out: {reason} ({', '.join(found[:places])}{', …' if len(found) > places else ''})"
        for reason, found in sorted(by_reason.items(), key=lambda item: -len(item[1]))
    ]


def refuse_mostly_broken(path: Path, good: int, problems: Sequence[Problem]) -> None:
    """Raise `DataInvalid` where more than `MAX_BROKEN_SHARE` of the rows are broken, or none is left."""
    rows = good + len(problems)
    if good and len(problems) <= MAX_BROKEN_SHARE * rows:
        return
    first = "; ".join(f"{problem.place}: {problem.reason}" for problem in problems[:3]) or "it has no rows"
    raise DataInvalid(
        f"expected {path} to hold labelled rows; {len(problems):,} of {rows:,} are broken ({first}); "
        "check that this is the right file, its columns and its encoding (UTF-8)"
    )
