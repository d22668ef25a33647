"""Rows that wait: which leave together, and in what order."""

from collections.abc import Callable

import numpy as np
import pytest

from app.inference.job import PATIENCE_SECONDS, Job
from app.inference.queue import KEPT_LANES, RowQueue
from app.inference.sizing import INLINE_SECONDS, Sizing
from app.types import Priority, Rows


@pytest.fixture
def job_of() -> Callable[..., Job]:
    """Makes a job of rows that begin with the given numbers, of one or several widths."""

    def make(
        *firsts: float,
        width: int = 1,
        now: float = 0,
        timeout_seconds: float = 30,
        priority: Priority = Priority.NORMAL,
    ) -> Job:
        group = {"x": np.repeat(np.array(firsts)[:, np.newaxis], width, axis=1)}
        return Job(Rows((group,)), len(firsts), now, timeout_seconds, priority)

    return make


@pytest.fixture
def queue_of() -> Callable[..., RowQueue]:
    """Makes a queue in which jobs wait."""

    def make(max_batch_rows: int, *jobs: Job) -> RowQueue:
        queue = RowQueue(Sizing(max_batch_rows))
        for job in jobs:
            queue.push(job)
        return queue

    return make


def take(queue: RowQueue, now: float = 1) -> list[list[float]]:
    """The first columns of the next batch."""
    batch, _ = queue.take(now)
    return [piece.tensors["x"][:, 0].tolist() for piece in batch.pieces] if batch else []


def test_rows_leave_in_the_order_of_arrival(job_of, queue_of):
    queue = queue_of(2, *(job_of(number) for number in range(3)))
    assert take(queue) == [[0], [1]]
    assert take(queue) == [[2]]
    assert take(queue) == []
    assert queue.rows == 0


def test_a_large_job_leaves_in_pieces_and_shares_the_last_batch(job_of, queue_of):
    queue = queue_of(2, job_of(1, 2, 3), job_of(4))
    assert take(queue) == [[1, 2]]
    assert queue.rows == 2
    assert take(queue) == [[3], [4]]


def test_rows_of_equal_shape_leave_together_and_the_shape_that_waits_longest_is_first(job_of, queue_of):
    queue = queue_of(8, *(job_of(number, now=number / 10, width=1 + number % 2) for number in range(5)))
    assert take(queue) == [[0], [2], [4]]
    assert take(queue) == [[1], [3]]


def test_a_full_batch_leaves_the_turn_to_the_shape_that_waits_longer(job_of, queue_of):
    queue = queue_of(
        1, *(job_of(number, now=number / 10, width=1 + number % 2, priority=Priority.HIGH) for number in (1, 3, 2))
    )
    assert [take(queue) for _ in range(3)] == [[[1]], [[2]], [[3]]]


def test_a_batch_of_short_rows_holds_more_of_them(job_of):
    queue = RowQueue(Sizing(2, measured_cells=6))
    for job in (job_of(*range(4), width=6), job_of(*range(8), width=2), job_of(*range(20), width=1)):
        queue.push(job)
    assert [len(take(queue)[0]) for _ in range(6)] == [2, 2, 6, 2, 12, 8]


def test_a_batch_is_quick_where_its_rows_are_few_and_short_enough(job_of):
    queue = RowQueue(Sizing(2, measured_cells=6, seconds={1: INLINE_SECONDS / 2, 2: 2 * INLINE_SECONDS}))
    for job in (job_of(1, 2, 3, width=6), job_of(4, 5, width=2)):
        queue.push(job)
    batches = [queue.take(1)[0] for _ in range(3)]
    assert [(batch.rows, batch.is_quick) for batch in batches] == [(2, False), (1, True), (2, True)]


def test_the_higher_class_leaves_first(job_of, queue_of):
    low, normal, high = (job_of(number, now=0, priority=number) for number in (2, 1, 0))
    assert take(queue_of(2, low, normal, high)) == [[0], [1]]


def test_the_shape_of_the_higher_class_leaves_first(job_of, queue_of):
    queue = queue_of(
        8, job_of(1, now=0), job_of(2, now=0, width=3), job_of(3, now=0.5, width=3, priority=Priority.HIGH)
    )
    assert take(queue) == [[3], [2]]
    assert take(queue) == [[1]]


@pytest.mark.parametrize("priority", [Priority.NORMAL, Priority.LOW])
def test_nothing_overtakes_a_row_that_has_waited_for_its_patience(job_of, queue_of, priority):
    patience = PATIENCE_SECONDS[priority]
    waits = job_of(1, now=0, priority=priority)
    sooner = job_of(2, now=patience - 0.01, priority=Priority.HIGH)
    later = job_of(3, now=patience + 0.01, priority=Priority.HIGH)
    assert take(queue_of(8, waits, sooner, later)) == [[2], [1], [3]]


def test_nothing_starves_under_a_flood_of_the_highest_class(job_of, queue_of):
    queue = queue_of(1, job_of(-1, now=0, timeout_seconds=1e9, priority=Priority.LOW))
    left = []
    for tick in range(50):
        queue.push(job_of(tick, now=tick / 10, timeout_seconds=1e9, priority=Priority.HIGH))
        left += take(queue, tick / 10)
    assert [-1] in left


def test_who_ran_out_of_time_is_handed_out_apart_from_the_batch(job_of, queue_of):
    late, stays = job_of(1, 2, timeout_seconds=1), job_of(3)
    queue = queue_of(8, late, stays)
    batch, jobs = queue.take(1)
    assert [piece.job for piece in batch.pieces] == [stays]
    assert jobs == [late]
    assert queue.rows == late.waiting_rows == 0


def test_a_queue_of_nothing_but_late_rows_gives_no_batch(job_of, queue_of):
    late = [job_of(number, width=number, timeout_seconds=0) for number in (1, 2)]
    queue = queue_of(8, *late)
    assert queue.take(1) == (None, late)
    assert queue.rows == 0


def test_discarded_rows_no_longer_count(job_of, queue_of):
    part_taken, untouched = job_of(1, 2, 3), job_of(4)
    queue = queue_of(1, part_taken, untouched)
    take(queue)
    queue.discard(part_taken)
    assert queue.rows == 1
    queue.discard(part_taken)
    assert queue.rows == queue.rows_by_class[Priority.NORMAL] == 1
    assert take(queue) == [[4]]


def test_a_job_of_several_shapes_is_discarded_whole(queue_of):
    groups = ({"x": np.zeros((2, 1))}, {"x": np.zeros((3, 2))})
    job = Job(Rows(groups), 5, 0, 30, Priority.NORMAL)
    queue = queue_of(8, job)
    assert len(take(queue)) == 1
    assert queue.rows == 3
    queue.discard(job)
    assert queue.rows == 0
    assert take(queue) == []


def test_shapes_that_nobody_uses_are_forgotten_and_what_waits_is_not(job_of, queue_of):
    gone = job_of(1, width=1)
    queue = queue_of(8, gone)
    take(queue)
    waits = job_of(2, width=2)
    queue.push(waits)
    for width in range(3, 3 * KEPT_LANES):
        queue.push(job_of(width, width=width, now=-1))
        assert take(queue) == [[width]]
    assert len(queue._lanes) <= KEPT_LANES + 1
    gone.waiting_rows = 1  # as where a piece of several had left long ago
    queue.discard(gone)
    assert take(queue) == [[2]]


def test_the_youngest_of_the_lowest_class_is_found_in_any_shape(job_of, queue_of):
    oldest, youngest = (job_of(1, now=now, width=width, priority=Priority.LOW) for now, width in ((0, 1), (0.1, 2)))
    queue = queue_of(8, youngest, oldest, job_of(1, now=0.2))
    assert queue.youngest(Priority.HIGH) is youngest
    queue.discard(youngest)
    assert queue.youngest(Priority.NORMAL) is oldest
    assert queue.youngest(Priority.LOW) is None
    queue.discard(oldest)
    assert queue.youngest(Priority.NORMAL) is None
