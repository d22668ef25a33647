"""One caller's rows and its one answer."""

import logging

import numpy as np
import pytest

from app.errors import InferenceFailed
from app.inference.job import Job
from app.types import Priority, Rows


def job_of(*groups: list[float], places: list[int] | None = None) -> Job:
    """A job of groups of one-column rows, enqueued at 0."""
    rows = Rows(tuple({"x": np.array(group)} for group in groups), None if places is None else np.array(places))
    return Job(rows, sum(map(len, groups)), 0, 30, Priority.NORMAL)


def run(job: Job, piece, now: float = 1):
    """Take a piece's rows, ten times each, as the model's outputs."""
    return job.collect(piece, {"y": piece.tensors["x"] * 10}, now)


def test_a_piece_splits_at_the_front_and_both_know_where_they_stand():
    (piece,) = job_of([1, 2, 3, 4]).pieces
    head = piece.split(3)
    assert (head.start, head.rows, head.tensors["x"].tolist()) == (0, 3, [1, 2, 3])
    assert (piece.start, piece.rows, piece.tensors["x"].tolist()) == (3, 1, [4])


def test_outputs_are_joined_in_the_callers_order_whichever_came_first():
    job = job_of([1, 2, 3, 4])
    (tail,) = job.pieces
    head = tail.split(2)
    assert run(job, tail) is None
    assert run(job, head).outputs["y"].tolist() == [10, 20, 30, 40]


def test_rows_of_several_groups_go_back_to_their_places():
    job = job_of([1, 3], [0, 2, 4], places=[1, 3, 0, 2, 4])
    one, other = job.pieces
    assert run(job, other) is None
    assert run(job, one).outputs["y"].tolist() == [0, 10, 20, 30, 40]


def test_one_group_may_have_places_too():
    job = job_of([1, 0], places=[1, 0])
    assert run(job, job.pieces[0]).outputs["y"].tolist() == [0, 10]


def test_outputs_that_cannot_be_joined_fail_the_caller():
    job = job_of([1], [2])
    assert job.collect(job.pieces[0], {"y": np.zeros((1, 2))}, 1) is None
    answer = job.collect(job.pieces[1], {"y": np.zeros((1, 3))}, 1)
    assert isinstance(answer, InferenceFailed)
    assert "cannot be joined" in str(answer)


def test_an_answer_tells_the_time_in_the_queue_from_that_in_the_model():
    job = job_of([1])
    job.started = 2
    answer = run(job, job.pieces[0], now=5)
    assert (answer.queue_seconds, answer.infer_seconds) == (2, 3)


def test_a_job_that_is_late_says_how_long_it_queued():
    queued, taken = job_of([1]), job_of([1])
    taken.started, taken.waiting_rows = 1, 0
    assert "within 60000 ms, of which 60000 ms in the queue" in str(queued.too_late(60))
    assert "of which 1000 ms in the queue" in str(taken.too_late(60))


def test_the_first_answer_counts():
    job, answers = job_of([1]), []
    job.expect(answers.append)
    job.settle(InferenceFailed("first"))
    job.settle(InferenceFailed("second"))
    assert [str(answer) for answer in answers] == ["first"]


def test_who_left_is_not_answered():
    job, answers = job_of([1]), []
    job.expect(answers.append)
    assert job.is_open
    job.abandon()
    assert not job.is_open
    job.settle(InferenceFailed("nobody is there"))
    assert answers == []


def test_a_caller_that_fails_on_its_answer_is_logged_and_goes_no_further(caplog):
    def broken(answer):
        raise ZeroDivisionError

    job = job_of([1])
    job.expect(broken)
    with caplog.at_level(logging.ERROR):
        job.settle(InferenceFailed("the model's"))
    assert [record.message for record in caplog.records] == ["a caller failed on its answer"]


@pytest.mark.parametrize(("priority", "other"), [(Priority.HIGH, Priority.NORMAL), (Priority.NORMAL, Priority.LOW)])
def test_a_higher_class_ranks_before_a_lower_one_that_came_at_the_same_time(priority, other):
    rows = Rows(({"x": np.zeros(1)},))
    ranks = [Job(rows, 1, 5, 30, each).rank for each in (priority, other)]
    assert ranks[0] < ranks[1]
