"""A check, its cases, and what became of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from app.types import Array

Kind = Literal["invariance", "direction", "minimum"]
Ask = Callable[[Sequence[Any]], Array]
"""Inputs, as users send them, to the probabilities of each label (rows, labels), through the path of serving."""

TOLERANCE = 0.05
"""A probability may rise by so much where it must not rise: what a word more or less does to any sum."""

SHOWN_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Case:
    """One input, what it is changed to, and a label; which of the last two count depends on the check's kind."""

    given: Any
    changed: Any = None
    label: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """What must hold for every case.

    Of kind `invariance`: the likeliest label of `changed` is that of `given`. `direction`: the probability of `label`
    does not rise by more than 0.05 from `given` to `changed`. `minimum`: the likeliest label of `given` is `label`.
    """

    name: str
    kind: Kind
    group: str
    cases: Sequence[Case]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many of a check's cases passed; `failures` shows the first few that did not, where they are texts."""

    name: str
    kind: Kind
    group: str
    cases: int
    passed: int
    failures: tuple[str, ...]


def run_checks(checks: Sequence[Check], ask: Ask) -> list[Outcome]:
    """Ask the model about every case of every check."""
    return [_outcome(check, _passed(check, ask)) for check in checks]


def _passed(check: Check, ask: Ask) -> Array:
    """Whether each case passes (cases,)."""
    given = ask([case.given for case in check.cases])
    labels = np.array([case.label for case in check.cases])
    if check.kind == "minimum":
        return np.asarray(given.argmax(axis=1) == labels)
    changed = ask([case.changed for case in check.cases])
    if check.kind == "invariance":
        return np.asarray(given.argmax(axis=1) == changed.argmax(axis=1))
    rows = np.arange(len(labels))
    return np.asarray(changed[rows, labels] - given[rows, labels] <= TOLERANCE)


def _outcome(check: Check, passed: Array) -> Outcome:
    failing = [check.cases[place] for place in np.flatnonzero(~passed).tolist()]
    shown = [_told(case) for case in failing if isinstance(case.given, str)][:SHOWN_FAILURES]
    return Outcome(check.name, check.kind, check.group, len(check.cases), int(passed.sum()), tuple(shown))


def _told(case: Case) -> str:
    return str(case.given) if case.changed is None else f"{case.given} → {case.changed}"
