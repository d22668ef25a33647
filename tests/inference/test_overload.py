"""What becomes of a queue when more comes than can be run: in virtual time, with the real queue and batcher."""

import math
import random
from dataclasses import dataclass, field

import pytest

from app.errors import DeadlineExceeded, HorngateError, QueueFull
from app.inference.overload import (
    CROWDED_WAIT_SECONDS,
    HORIZON_SECONDS,
    INLINE_ROWS,
    INLINE_SECONDS,
    LONG_WAIT_SECONDS,
    MANY_CALLERS,
    MARGIN,
    WINDOW_SECONDS,
    Overload,
)
from app.types import Priority

BATCH_ROWS = 16
QUEUE_ROWS = 256
FIXED, EACH = 2e-3, 8e-4
CAPACITY = BATCH_ROWS / (FIXED + BATCH_ROWS * EACH)
"""Rows a second of a model ten times as slow as the sentiment model."""


@dataclass
class Load:
    """Callers in virtual time, who note how they were answered: `latencies` by the time they came."""

    loop: object
    batcher: object
    row: object
    rng: random.Random = field(default_factory=lambda: random.Random(1))
    latencies: list[tuple[float, float]] = field(default_factory=list)
    refused: list[tuple[float, Priority]] = field(default_factory=list)
    retry_after: list[float] = field(default_factory=list)
    late: int = 0

    def ask(self, priority=Priority.NORMAL, timeout_seconds=30.0, then=lambda: None):
        came = self.loop.time()

        def done(answer):
            if isinstance(answer, HorngateError):
                self.refused.append((came, priority))
                self.late += isinstance(answer, DeadlineExceeded)
            else:
                self.latencies.append((came, self.loop.time() - came))
            then()

        try:
            self.batcher.submit(self.row, timeout_seconds, priority, done)
        except QueueFull as error:
            self.retry_after.append(error.retry_after_seconds)
            self.refused.append((came, priority))
            self.loop.call_later(0.01, then)

    def arrive(self, rate, seconds, **how):
        """Callers who come at random times, whatever becomes of the others."""
        if self.loop.time() < seconds:
            self.ask(**how)
            self.loop.call_later(self.rng.expovariate(rate), lambda: self.arrive(rate, seconds, **how))

    def keep_asking(self, seconds):
        """A caller who asks again once it is answered."""
        if self.loop.time() < seconds:
            self.ask(then=lambda: self.loop.call_later(self.rng.uniform(1e-4, 1e-3), self.keep_asking, seconds))

    def p99(self, start):
        """Of those who came after `start`."""
        latencies = sorted(latency for came, latency in self.latencies if came >= start)
        return latencies[int(0.99 * len(latencies))]

    def answered_per_second(self, start, stop):
        return sum(start <= came + latency < stop for came, latency in self.latencies) / (stop - start)


@pytest.fixture
def load_of(simulated, virtual_loop, doubling):
    """Makes a load on a batcher of its own, from the loop's time on."""

    def make(**limits):
        limits = {"max_batch_rows": BATCH_ROWS, "max_queue_rows": QUEUE_ROWS, "fixed": FIXED, "each": EACH, **limits}
        return Load(virtual_loop, simulated(**limits), doubling.request(1))

    return make


def test_at_three_times_the_capacity_throughput_stays_and_the_accepted_hardly_wait(load_of, virtual_loop):
    calm = load_of()
    virtual_loop.call_soon(calm.arrive, 0.8 * CAPACITY, 4)
    virtual_loop.run_until(5)
    flood = load_of()
    virtual_loop.call_soon(flood.arrive, 3 * CAPACITY, 9)
    virtual_loop.run_until(9)
    assert flood.answered_per_second(6, 9) >= 0.95 * CAPACITY
    assert flood.p99(6) <= 3 * calm.p99(0)
    assert calm.refused == []
    assert min(flood.retry_after) > 0


def test_requests_that_are_read_in_bunches_do_not_end_an_overload(load_of, virtual_loop):
    """As a loop reads them that the models keep from the cores: nothing for some batches' time, and then many."""
    load = load_of(fixed=0.01, each=0.006)
    capacity = BATCH_ROWS / (0.01 + BATCH_ROWS * 0.006)
    bunch_seconds = 0.25
    for number in range(60):
        for _ in range(int(3 * capacity * bunch_seconds)):
            virtual_loop.call_at(number * bunch_seconds, load.ask)
    virtual_loop.run_until(20)
    assert load.p99(5) <= 4 * BATCH_ROWS / capacity


def test_a_burst_that_fills_the_queue_is_accepted_and_answered(load_of, virtual_loop):
    load = load_of()
    for _ in range(QUEUE_ROWS):
        virtual_loop.call_soon(load.ask)
    virtual_loop.run_until(1)
    assert len(load.latencies) == QUEUE_ROWS


def test_callers_who_wait_for_their_answer_are_never_refused_while_all_of_them_fit_into_the_queue(
    load_of, virtual_loop
):
    load = load_of()
    for number in range(QUEUE_ROWS):
        virtual_loop.call_later(number / 500, load.keep_asking, 2)
    virtual_loop.run_until(2.5)
    assert load.refused == []
    assert load.answered_per_second(0.5, 2) >= 0.95 * CAPACITY


def test_after_an_overload_the_queue_may_be_long_again(load_of, virtual_loop):
    load = load_of()
    virtual_loop.call_soon(load.arrive, 3 * CAPACITY, 1)
    virtual_loop.run_until(1)
    assert load.batcher._overload.short_queue_rows == BATCH_ROWS
    virtual_loop.call_soon(load.arrive, 0.5 * CAPACITY, 2)
    virtual_loop.run_until(2)
    assert load.batcher._overload.short_queue_rows == math.inf


def test_in_an_overload_the_lowest_class_is_refused_first(load_of, virtual_loop):
    load = load_of()
    for priority, share in ((Priority.HIGH, 0.5), (Priority.NORMAL, 1), (Priority.LOW, 1)):
        virtual_loop.call_soon(lambda p=priority, s=share: load.arrive(s * CAPACITY, 2, priority=p))
    virtual_loop.run_until(2.5)
    refused = [sum(each == priority and came > 1 for came, each in load.refused) for priority in Priority]
    assert refused[Priority.HIGH] == 0
    assert 0 < refused[Priority.NORMAL] < refused[Priority.LOW]


def test_who_could_not_be_answered_in_time_is_refused_at_once(load_of, virtual_loop):
    load = load_of(max_queue_rows=2048)
    virtual_loop.call_soon(lambda: load.arrive(3 * CAPACITY, 2, timeout_seconds=0.3))
    virtual_loop.run_until(3)
    assert load.late <= 0.01 * len(load.latencies)
    assert load.answered_per_second(0.5, 2) >= 0.95 * CAPACITY
    assert len(load.refused) > len(load.latencies)


@pytest.fixture
def overload():
    """Of a pool that runs 10 rows at once."""
    return Overload(10)


def test_the_drain_rate_is_measured_while_rows_are_left(overload):
    overload.dispatched(0.0, 0, 10, 0, 20)
    overload.dispatched(5.0, 0, 10, 5, 20)
    assert overload.rows_per_second == 0
    assert overload.wait_seconds(100) == 0
    overload.dispatched(5.5, 0, 10, 0, 20)
    assert overload.rows_per_second == 20
    assert overload.wait_seconds(100) == pytest.approx(MARGIN * (100 + 10) / 20)


def test_the_drain_rate_forgets(overload):
    now = 0.0
    for rate in (100, 1000):
        for _ in range(int(20 * HORIZON_SECONDS * rate / 10)):
            now += 10 / rate
            overload.dispatched(now, 0, 10, 1, 20)
        assert overload.rows_per_second == pytest.approx(rate, rel=0.01)


def windows(overload, count, wait_seconds, offered, *, refused=0, start=0.0, callers=20):
    """So many windows, each of ten batches of ten rows."""
    for batch in range(10 * count + 1):
        if batch % 10 == 1:
            overload.offered(offered)
            overload.refused(refused)
        overload.dispatched(start + batch * WINDOW_SECONDS / 10, wait_seconds, 10, 1, callers)


@pytest.mark.parametrize(
    ("wait_seconds", "offered", "refused", "is_overload"),
    [
        (0.5, 300, 100, True),
        (0.5, 300, 0, False),
        (0.001, 300, 100, False),
        (2 * LONG_WAIT_SECONDS, 300, 0, True),
        (2 * LONG_WAIT_SECONDS, 100, 0, False),
    ],
    ids=["full", "a burst", "short waits", "growing", "long, but steady"],
)
def test_a_queue_that_stays_full_or_grows_for_long_is_an_overload(
    overload, wait_seconds, offered, refused, is_overload
):
    windows(overload, 5, wait_seconds, offered, refused=refused)
    assert (overload.short_queue_rows == 10) is is_overload


@pytest.mark.parametrize(
    ("callers", "wait_seconds", "is_overload"),
    [
        (MANY_CALLERS, 0.5, False),
        (MANY_CALLERS + 1, 0.5, True),
        (MANY_CALLERS + 1, CROWDED_WAIT_SECONDS, False),
    ],
)
def test_more_callers_than_many_who_wait_long_are_an_overload_though_their_rows_fit(
    overload, callers, wait_seconds, is_overload
):
    windows(overload, 5, wait_seconds, 100, callers=callers)
    assert (overload.short_queue_rows == 10) is is_overload


@pytest.mark.parametrize("batch_seconds", [WINDOW_SECONDS / 10, WINDOW_SECONDS / 1000])
def test_before_a_model_on_the_event_loop_the_short_queue_is_short_in_time(batch_seconds):
    overload = Overload(10, inline=True)
    for batch in range(int(5 * WINDOW_SECONDS / batch_seconds) + 5):
        overload.offered(30)
        overload.refused(10)
        overload.dispatched(batch * batch_seconds, 10.0, 10, 1, 20)
    rows_per_second = 10 / batch_seconds
    expected = max(INLINE_ROWS, rows_per_second * INLINE_SECONDS)
    assert overload.short_queue_rows == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(("refused", "is_over"), [(0, True), (20, True), (100, False)])
def test_a_window_in_which_few_are_refused_ends_the_overload(overload, refused, is_over):
    windows(overload, 5, 0.5, 300, refused=100)
    windows(overload, 3, 0.001, 300, refused=refused, start=0.5)
    assert (overload.short_queue_rows == math.inf) is is_over


@pytest.mark.parametrize(("rows_left", "is_overload"), [(0, False), (1, True)])
def test_batches_longer_than_a_window_are_an_overload_only_where_rows_were_left_behind_each(
    overload, rows_left, is_overload
):
    for second in range(5):
        overload.offered(300)
        overload.refused(100)
        overload.dispatched(float(second), 2.0, 10, rows_left, 20)
    assert (overload.short_queue_rows < math.inf) is is_overload
