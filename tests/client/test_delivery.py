"""When a request is sent again, step by step and on a clock of the test's own."""

from collections.abc import Generator
from typing import Any

import pytest

from app.client.delivery import Delivery
from app.client.errors import DeadlineExceeded, RetryLater, ServerUnreachable
from app.client.exchange import NoReply, Reply, Request, Send, Wait

BUSY = Reply(429, {"retry-after": "2"}, b"")
BROKEN = NoReply("broken")
DONE = Reply(200, {}, b"{}")


class Clock:
    """Stands still until it is told."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def begin(clock: Clock, timeout: float, retries: int = 9) -> Generator[Any, Any, Reply]:
    """A delivery whose every wait is as long as it may be, for a chance of 1."""
    delivery = Delivery(retries, {"X-Own": "1"}, chance=lambda: 1.0, clock=clock)
    return delivery.deliver(Request("/path"), timeout)


def test_the_server_hears_a_little_less_than_is_left(clock: Clock) -> None:
    steps = begin(clock, 10)
    first = next(steps)
    assert first == Send(Request("/path"), {"X-Own": "1", "X-Request-Timeout-Ms": "9900"}, 10)
    clock.now += 9.5
    assert steps.send(BROKEN) == Wait(0.1)
    clock.now += 0.1
    again = steps.send(None)
    assert again.timeout_seconds == pytest.approx(0.4)
    assert int(again.headers["X-Request-Timeout-Ms"]) == pytest.approx(360, abs=1)


def test_waits_double_up_to_a_limit(clock: Clock) -> None:
    steps = begin(clock, 1000)
    next(steps)
    waits = []
    for _ in range(9):
        waits.append(steps.send(BROKEN).seconds)
        steps.send(None)
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]
    with pytest.raises(ServerUnreachable, match="broken"):
        steps.send(BROKEN)


def test_it_never_comes_back_before_the_time_that_the_server_says(clock: Clock) -> None:
    steps = begin(clock, 10)
    next(steps)
    assert steps.send(BUSY) == Wait(2.1)
    steps.send(None)
    assert steps.send(Reply(503, {}, b"")) == Wait(0.2)
    steps.send(None)
    with pytest.raises(StopIteration) as ended:
        steps.send(DONE)
    assert ended.value.value is DONE


def test_nothing_is_waited_for_that_would_end_after_the_deadline(clock: Clock) -> None:
    steps = begin(clock, 2)
    next(steps)
    with pytest.raises(RetryLater) as caught:
        steps.send(BUSY)
    assert caught.value.retry_after_seconds == 2


def test_a_wait_that_took_too_long_leaves_no_time_to_send(clock: Clock) -> None:
    steps = begin(clock, 2)
    next(steps)
    steps.send(BROKEN)
    clock.now += 2
    with pytest.raises(DeadlineExceeded, match="within 2 s"):
        steps.send(None)


def test_a_deadline_that_passed_is_not_tried_again(clock: Clock) -> None:
    steps = begin(clock, 2)
    next(steps)
    with pytest.raises(DeadlineExceeded):
        steps.send(NoReply("", is_late=True))


def test_another_status_is_an_answer(clock: Clock) -> None:
    steps = begin(clock, 2)
    next(steps)
    with pytest.raises(StopIteration) as ended:
        steps.send(Reply(500, {}, b""))
    assert ended.value.value.status == 500


def test_a_transport_must_say_what_became_of_a_request(clock: Clock) -> None:
    steps = begin(clock, 2)
    next(steps)
    with pytest.raises(TypeError, match="transport"):
        steps.send(None)
