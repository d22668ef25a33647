"""Rows that wait, and the one answer that each caller gets."""

import asyncio
from collections.abc import Callable
from time import perf_counter

import numpy as np
import pytest

from app.errors import DeadlineExceeded, InferenceFailed, NotReady
from app.inference.queue import Job, RowQueue


@pytest.fixture
async def job_of() -> Callable[..., Job]:
    """Makes a job of rows that begin with the given numbers, enqueued now."""

    def make(*firsts: float, width: int = 1, timeout_seconds: float = 30) -> Job:
        tensors = {"x": np.repeat(np.array(firsts)[:, np.newaxis], width, axis=1)}
        return Job(tensors, asyncio.get_running_loop().create_future(), perf_counter(), timeout_seconds)

    return make


def first_columns(batch) -> list[list[float]]:
    return [item.tensors()["x"][:, 0].tolist() for item in batch]


async def test_rows_leave_in_the_order_of_arrival(job_of):
    queue = RowQueue()
    for number in range(3):
        queue.push(job_of(number))
    assert first_columns(queue.take(2, perf_counter())) == [[0], [1]]
    assert first_columns(queue.take(2, perf_counter())) == [[2]]
    assert queue.take(2, perf_counter()) == []
    assert queue.rows == 0


async def test_a_large_job_leaves_in_slices_and_shares_the_last_batch(job_of):
    queue = RowQueue()
    queue.push(job_of(1, 2, 3))
    queue.push(job_of(4))
    assert first_columns(queue.take(2, perf_counter())) == [[1, 2]]
    assert queue.rows == 2
    assert first_columns(queue.take(2, perf_counter())) == [[3], [4]]


async def test_a_batch_ends_where_the_shape_changes(job_of):
    queue = RowQueue()
    for width in (1, 2, 1):
        queue.push(job_of(width, width=width))
    batches = [queue.take(8, perf_counter()) for _ in range(3)]
    assert [len(batch) for batch in batches] == [1, 1, 1]


async def test_who_left_is_passed_over(job_of):
    queue = RowQueue()
    gone, stays = job_of(1, 2), job_of(3)
    queue.push(gone)
    queue.push(stays)
    gone.future.cancel()
    assert first_columns(queue.take(8, perf_counter())) == [[3]]
    assert queue.rows == 0


async def test_who_ran_out_of_time_is_told_so_and_passed_over(job_of):
    queue = RowQueue()
    late, stays = job_of(1, timeout_seconds=0), job_of(2)
    queue.push(late)
    queue.push(stays)
    assert first_columns(queue.take(8, perf_counter())) == [[2]]
    assert isinstance(late.future.exception(), DeadlineExceeded)


async def test_discarded_rows_no_longer_count(job_of):
    queue = RowQueue()
    part_taken, untouched = job_of(1, 2, 3), job_of(4)
    queue.push(part_taken)
    queue.push(untouched)
    queue.take(1, perf_counter())
    queue.discard(part_taken)
    assert queue.rows == 1
    queue.discard(part_taken)
    assert queue.rows == 1
    assert first_columns(queue.take(8, perf_counter())) == [[4]]


async def test_draining_takes_every_job_out(job_of):
    queue = RowQueue()
    jobs = [job_of(1), job_of(2)]
    for job in jobs:
        queue.push(job)
    assert queue.drain() == jobs
    assert queue.rows == 0
    assert queue.take(8, perf_counter()) == []


async def test_outputs_are_joined_in_the_callers_order_whichever_came_first(job_of):
    job = job_of(1, 2, 3, 4)
    job.accept(2, {"y": np.array([30, 40])}, perf_counter())
    assert not job.future.done()
    job.accept(0, {"y": np.array([10, 20])}, perf_counter())
    assert job.future.result().outputs["y"].tolist() == [10, 20, 30, 40]


async def test_the_first_answer_counts(job_of):
    job = job_of(1)
    job.fail(InferenceFailed("first"))
    job.fail(NotReady("second", retry_after_seconds=1))
    job.accept(0, {"y": np.array([1])}, perf_counter())
    job.expire()
    assert str(job.future.exception()) == "first"


async def test_an_answer_tells_the_time_in_the_queue_from_that_in_the_model(job_of):
    job = job_of(1)
    job.take(1, job.enqueued + 2)
    job.accept(0, {"y": np.array([1])}, job.enqueued + 5)
    assert job.future.result().queue_seconds == pytest.approx(2)
    assert job.future.result().infer_seconds == pytest.approx(3)


async def test_a_job_that_expires_says_how_long_it_queued(job_of):
    queued, taken = job_of(1), job_of(1)
    for job in (queued, taken):
        job.enqueued -= 60
        job.started -= 60
    taken.take(1, taken.enqueued + 1)
    queued.expire()
    taken.expire()
    assert "of which 6000" in str(queued.future.exception())
    assert "of which 1000 ms in the queue" in str(taken.future.exception())
