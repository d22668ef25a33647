"""Inputs to predictions, by the code that serves them: preprocess, batches, postprocess; one bad row fails alone."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from app.cli.evaluation.served import Served
from app.errors import BodyMalformed, HorngateError, InputInvalid, RequestInvalid
from app.inference.isolation import Outcome, run_isolated
from app.inference.tensors import rows_between, stack
from app.labelled.reading import Input
from app.processing.mnist import SIDE
from app.types import Array, Prediction, Rows, rows_of

Answered = Prediction | HorngateError
"""What became of one input."""


def answer(served: Served, inputs: Sequence[Input | bytes]) -> list[Answered]:
    """A prediction for each input, or why there is none, in order."""
    try:
        rows = served.task.preprocess([_as_sent(item) for item in inputs])
    except RequestInvalid as error:
        return [error] if len(inputs) == 1 else [answer(served, [item])[0] for item in inputs]
    return answer_rows(served, rows)


def answer_rows(served: Served, rows: Rows) -> list[Answered]:
    """A prediction for each of the rows that the task made, or why there is none, in the order of the inputs."""
    outcomes = _in_order(rows, list(_run(served, rows)))
    good = [outcome for outcome in outcomes if not isinstance(outcome, HorngateError)]
    predictions = iter(served.task.postprocess(stack(good)) if good else ())
    return [outcome if isinstance(outcome, HorngateError) else next(predictions) for outcome in outcomes]


def _as_sent(item: Input | bytes) -> str | bytes | Array:
    """An input as a request brings it to the task; raises `RequestInvalid` where a request could not."""
    if isinstance(item, Path):
        try:
            return item.read_bytes()
        except OSError as error:
            raise BodyMalformed(f"the file cannot be read: {error.strerror}") from None
    if isinstance(item, str | bytes):
        return item
    if item.shape != (SIDE, SIDE):
        raise InputInvalid.at("", f"{SIDE}×{SIDE} pixels", "×".join(map(str, item.shape)))
    return item.astype(np.float32) / 255


def _run(served: Served, rows: Rows) -> Iterator[Outcome]:
    """The outcome of each row, group by group, in batches of the size that the plan has."""
    most = served.running.max_batch_rows
    for group in rows.groups:
        parts = [rows_between(group, row, row + 1) for row in range(rows_of(group))]
        batches = (parts[start : start + most] for start in range(0, len(parts), most))
        yield from chain.from_iterable(run_isolated(served.runtime, served.signature, batch) for batch in batches)


def _in_order(rows: Rows, outcomes: list[Outcome]) -> list[Outcome]:
    """The same in the order of the inputs."""
    if rows.places is None:
        return outcomes
    return [outcomes[row] for row in np.argsort(rows.places).tolist()]
