"""All rows asked, of one model or of several in turns; after Ctrl-C, as many as were answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from app.cli.evaluation.answering import Answered, answer
from app.cli.evaluation.served import Served
from app.errors import HorngateError
from app.labelled.problems import Problem
from app.labelled.reading import Labelled
from app.progress_bar import ProgressBar
from app.types import Prediction

CHUNK_ROWS = 256
ORDER_SEED = 0
"""Rows are asked in a shuffled order: so those of an interrupted run are a fair sample, however the file is sorted."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The rows that every model answered, in the file's order, with each model's predictions and seconds in all.

    `problems` are rows that a model could not answer; `is_whole` is false after Ctrl-C.
    """

    rows: tuple[int, ...]
    predictions: tuple[tuple[Prediction, ...], ...]
    seconds: tuple[float, ...]
    problems: tuple[Problem, ...]
    is_whole: bool


def ask_all(models: Sequence[Served], labelled: Labelled) -> Answers:
    """Ask every row of every model, chunk by chunk, the models in turns; Ctrl-C ends it early."""
    order = np.random.default_rng(ORDER_SEED).permutation(len(labelled.inputs)).tolist()
    found: dict[int, list[Answered]] = {}
    seconds = [0.0] * len(models)
    is_whole = True
    try:
        names = " and ".join(model.name for model in models)
        with ProgressBar(len(order), label=names, show_pos=True) as bar:
            for start in range(0, len(order), CHUNK_ROWS):
                chunk = order[start : start + CHUNK_ROWS]
                found |= _ask(models, labelled, chunk, seconds)
                bar.move_to(start + len(chunk))
    except KeyboardInterrupt:
        is_whole = False
    return _answers(labelled, found, seconds, is_whole=is_whole)


def _ask(
    models: Sequence[Served], labelled: Labelled, chunk: Sequence[int], seconds: list[float]
) -> dict[int, list[Answered]]:
    """Each model's answer to each row of the chunk; its time is added to `seconds`."""
    inputs = [labelled.inputs[row] for row in chunk]
    answers = []
    for place, model in enumerate(models):
        started = perf_counter()
        answers.append(answer(model, inputs))
        seconds[place] += perf_counter() - started
    return {row: list(told) for row, told in zip(chunk, zip(*answers, strict=True), strict=True)}


def _answers(
    labelled: Labelled, found: dict[int, list[Answered]], seconds: Sequence[float], *, is_whole: bool
) -> Answers:
    """The answers in the file's order; a row that one of the models could not answer counts for none."""
    rows: list[int] = []
    predictions: list[list[Prediction]] = []
    problems: list[Problem] = []
    for row in sorted(found):
        good = [told for told in found[row] if not isinstance(told, HorngateError)]
        if len(good) == len(found[row]):
            rows.append(row)
            predictions.append(good)
        else:
            fault = next(told for told in found[row] if isinstance(told, HorngateError))
            problems.append(Problem(labelled.places[row], str(fault)))
    by_model = tuple(zip(*predictions, strict=True))
    return Answers(tuple(rows), by_model, tuple(seconds), tuple(problems), is_whole)
