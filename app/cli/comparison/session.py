"""One comparison, from the versions' names to their difference."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from app.cli.evaluation.answering import answer
from app.cli.evaluation.asking import ask_all
from app.cli.evaluation.rows import Wanted, read_rows
from app.cli.evaluation.served import Served, open_served
from app.cli.evaluation.session import left_out
from app.errors import ModelInvalid
from app.evaluation.difference import Difference, difference_of
from app.evaluation.figures import Figures, figures_of
from app.evaluation.judged import Judged, judged
from app.labelled.problems import Problem
from app.labelled.reading import Input
from app.lifecycle.running import Running
from app.repository.manifest import RuntimeName
from app.types import Prediction

ROWS_ALONE = 100
"""Rows that are asked one by one, for the time that one takes when nobody else asks."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: how it ran, what it answered, and the seconds of a row in batches and of one alone (median)."""

    name: str
    running: Running
    predictions: Sequence[Prediction]
    judged: Judged
    figures: Figures
    seconds_per_row: float
    seconds_alone: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first and the second on the same rows at `places`; of `asked_rows` the `problems` were left out."""

    data: Path
    asked_rows: int
    places: Sequence[str]
    sides: tuple[Side, Side]
    difference: Difference
    problems: tuple[Problem, ...]
    is_whole: bool


def run_comparison(models: Path, names: tuple[str, str], wanted: Wanted, runtime: RuntimeName | None) -> Comparison:
    """Ask both versions all rows, in turns; after Ctrl-C, the rows that were answered until then.

    Raises `HorngateError` where a model or the data cannot be used, and `KeyboardInterrupt` where no row was answered.
    """
    with ExitStack() as stack:
        served = [stack.enter_context(open_served(models, name, runtime)) for name in names]
        _refuse_unlike(*served)
        asked = read_rows(wanted, served[0])
        answers = ask_all(served, asked.rows)
        problems = left_out(wanted.data, asked, answers)
        inputs = [asked.rows.inputs[row] for row in answers.rows[:ROWS_ALONE]]
        alone = [_seconds_alone(model, inputs) for model in served]
    targets = asked.targets[list(answers.rows)]
    first, second = (
        _side(model, judged(served[0].labels, targets, told), told, seconds / len(targets), seconds_alone)
        for model, told, seconds, seconds_alone in zip(served, answers.predictions, answers.seconds, alone, strict=True)
    )
    return Comparison(
        data=wanted.data,
        asked_rows=len(asked.targets),
        places=[asked.rows.places[row] for row in answers.rows],
        sides=(first, second),
        difference=difference_of(first.judged, second.judged),
        problems=problems,
        is_whole=answers.is_whole,
    )


def _side(
    model: Served, rows: Judged, told: Sequence[Prediction], seconds_per_row: float, seconds_alone: float
) -> Side:
    return Side(model.name, model.running, told, rows, figures_of(rows), seconds_per_row, seconds_alone)


def _refuse_unlike(first: Served, second: Served) -> None:
    """Raise `ModelInvalid` where the two do not answer the same question."""
    if first.is_text != second.is_text or set(first.labels) != set(second.labels):
        raise ModelInvalid(
            f"expected two models of the same labels; {first.name} has {', '.join(first.labels)}, "
            f"{second.name} has {', '.join(second.labels)}"
        )


def _seconds_alone(model: Served, inputs: Sequence[Input]) -> float:
    """The median seconds of a row asked by itself."""
    taken = []
    for item in inputs:
        started = perf_counter()
        answer(model, [item])
        taken.append(perf_counter() - started)
    return median(taken)
