"""One runtime in a calibration."""

import numpy as np
import pytest

from app.inference.calibration.contestant import Contestant, batches_of
from app.inference.runtimes.fake import FakeRuntime
from app.types import Signature, TensorSpec

SIGNATURE = Signature((TensorSpec("x", "float32", (None,)),), (TensorSpec("y", "float32", (None,)),))
ROWS = {"x": np.arange(8, dtype=np.float32)}


@pytest.fixture
def contestant():
    """Adds up the rows of its batch."""
    runtime = FakeRuntime(SIGNATURE, lambda tensors: {"y": tensors["x"] + tensors["x"].sum()})
    return Contestant("onnx", 1, runtime, SIGNATURE)


def test_the_first_row_answers_among_all_and_alone(contestant):
    answer = contestant.answer(ROWS)
    assert answer["y"].tolist() == list(range(28, 36))
    assert answer["y of one row"].tolist() == [0]


def test_batches_are_the_first_rows():
    assert {size: batch["x"].tolist() for size, batch in batches_of(ROWS, (1, 3)).items()} == {1: [0], 3: [0, 1, 2]}


def test_batches_behind_one_that_takes_too_long_are_left_out(contestant):
    contestant.warm(batches_of(ROWS, (4, 2, 8)), longest_seconds=-1)
    assert list(contestant.times) == [2]
    contestant.warm(batches_of(ROWS, (4, 2, 8)), longest_seconds=float("inf"))
    assert list(contestant.times) == [2, 4, 8]


def test_a_turn_times_each_batch_once_and_the_median_of_all_turns_counts(contestant):
    batches = batches_of(ROWS, (1, 2))
    contestant.warm(batches, longest_seconds=float("inf"))
    contestant.take_turn(batches)
    assert {rows: len(times) for rows, times in contestant.times.items()} == {1: 1, 2: 1}
    contestant.times = {1: [3.0, 1.0, 2.0]}
    assert contestant.medians() == {1: 2.0}
