"""Whatever happens, every caller gets one answer, its own rows, and nothing is left behind: in virtual time."""

import math

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import DeadlineExceeded, HorngateError, InferenceFailed, NotReady, QueueFull
from app.types import Priority, Rows

EXPECTED = (DeadlineExceeded, InferenceFailed, NotReady, QueueFull)


@st.composite
def requests(draw):
    """A request: when it comes, its rows by width and their places, its deadline, class, and when its caller leaves."""
    sizes = draw(st.lists(st.integers(1, 12), min_size=1, max_size=3))
    return {
        "comes": draw(st.floats(0, 0.05)),
        "sizes": sizes,
        "places": draw(st.none() | st.permutations(range(sum(sizes)))),
        "timeout_seconds": draw(st.sampled_from([0.0, 0.002, 0.02, 30.0])),
        "priority": draw(st.sampled_from(Priority)),
        "leaves": draw(st.none() | st.floats(0, 0.1)),
        "is_poisoned": draw(st.integers(0, 9)) == 0,
    }


class Caller:
    """One request on its way: `answers` is what it was told, `has_left` whether it still listens."""

    def __init__(self, batcher, number, request):
        self.batcher, self.request = batcher, request
        self.answers, self.has_left, self.job = [], False, None
        values = np.arange(sum(request["sizes"]), dtype=np.float32) + 1 + 100 * number
        self.first = float(values[0])
        self.values = values
        places = request["places"]
        groups, start = [], 0
        for width, size in enumerate(request["sizes"], 1):
            groups.append({"x": np.repeat(values[start : start + size, np.newaxis], width, axis=1)})
            start += size
        self.rows = Rows(tuple(groups), None if places is None else np.array(places))

    def come(self):
        try:
            self.job = self.batcher.submit(
                self.rows, self.request["timeout_seconds"], self.request["priority"], self.take
            )
        except (QueueFull, NotReady) as error:
            self.take(error)

    def take(self, answer):
        assert not self.has_left
        self.answers.append(answer)

    def leave(self):
        if self.job and not self.answers:
            self.has_left = True
            self.batcher.withdraw(self.job)

    def expected(self):
        """The outputs' first column, in the caller's own order."""
        ordered = np.empty_like(self.values)
        ordered[self.request["places"] or slice(None)] = 2 * self.values
        return ordered.tolist()


SCENARIOS = st.tuples(
    st.sampled_from([1, 3]), st.lists(requests(), min_size=1, max_size=25), st.none() | st.floats(0, 0.1)
)
"""The instances, what is asked, and when the batcher drains."""


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scenario=SCENARIOS)
def test_every_caller_gets_exactly_one_answer_and_its_own_rows(simulated, virtual_loop, doubling, scenario):
    instances, asked, drains = scenario
    doubling.answer = lambda tensors: {"y": type(doubling).answer(doubling, tensors)["y"][:, :1]}
    batcher = simulated(instances=instances, max_batch_rows=4, max_queue_rows=40)
    start = virtual_loop.time()
    callers = [Caller(batcher, number, request) for number, request in enumerate(asked)]
    doubling.hated = frozenset(caller.first for caller in callers if caller.request["is_poisoned"])
    for caller in callers:
        virtual_loop.call_at(start + caller.request["comes"], caller.come)
        if caller.request["leaves"] is not None:
            virtual_loop.call_at(start + caller.request["leaves"], caller.leave)
    if drains is not None:
        virtual_loop.call_at(start + drains, lambda: draining.append(virtual_loop.create_task(batcher.drain(0.01))))
    draining = []
    virtual_loop.run_until(start + 100)
    assert all(task.done() for task in draining)
    for caller in callers:
        assert len(caller.answers) == (0 if caller.has_left else 1)
        for answer in caller.answers:
            if isinstance(answer, HorngateError):
                assert isinstance(answer, EXPECTED)
                assert doubling.hated or not isinstance(answer, InferenceFailed)
            else:
                assert not caller.request["is_poisoned"]
                assert answer.outputs["y"][:, 0].tolist() == caller.expected()
                assert 0 <= answer.queue_seconds <= max(caller.request["timeout_seconds"], 0)
    assert (batcher.queued_rows, batcher._queue.rows_by_class, batcher._open) == (0, [0, 0, 0], set())
    assert batcher._timer_at == math.inf or drains is not None
    assert batcher._pool.idle == instances
