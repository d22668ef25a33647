"""What the sections of a benchmark give: tables for readers, figures for programs, and the aims they are held to."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Table = Sequence[Sequence[str]]
"""A heading and rows."""


@dataclass(frozen=True, slots=True)
class Aim:
    """One line of the table of aims; `holds` is None where it could not be measured."""

    what: str
    aim: str
    measured: str
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Section:
    """What one section measured."""

    title: str
    table: Table
    aims: Sequence[Aim] = ()
    notes: Sequence[str] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What all sections are told: which models, how many workers, how often and how long (seconds) each run is."""

    models: Path
    workers: int
    rounds: int
    seconds: float
    venvs: Path
    peers: Sequence[str]


def at_least(what: str, ratio: float, bound: float, errors: int = 0, detail: str = "") -> Aim:
    """An aim that a ratio has to reach; runs with errors do not count."""
    return Aim(what, f"≥ {bound:g}", _told(ratio, errors, detail), ratio >= bound and not errors)


def at_most(what: str, ratio: float, bound: float, errors: int = 0, detail: str = "") -> Aim:
    """An aim that a ratio must not exceed; runs with errors do not count."""
    return Aim(what, f"≤ {bound:.3g}", _told(ratio, errors, detail), ratio <= bound and not errors)


def median_ratio(numerators: Iterable[float], denominators: Iterable[float]) -> float:
    """The median of the ratios, round by round; 0 where a denominator is."""
    return statistics.median(
        above / below if below else 0.0 for above, below in zip(numerators, denominators, strict=True)
    )


def markdown_table(table: Table) -> str:
    """The table as Markdown."""
    head, *rows = table
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *rows])


def _told(ratio: float, errors: int, detail: str) -> str:
    """The ratio with what it is made of."""
    told = f"{ratio:.2f}" + (f" ({detail})" if detail else "")
    return f"{told}; invalid: {errors} errors" if errors else told
