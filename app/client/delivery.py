"""When a request is sent again: never past its deadline, and never sooner than the server asks.

Waits grow exponentially with full jitter (Marc Brooker, "Exponential Backoff and Jitter", AWS, 2015), so that clients
that were refused together do not come back together.
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.client.errors import DeadlineExceeded, HorngateError, RetryLater, ServerUnreachable
from app.client.exchange import NoReply, Reply, Request, Send, Steps, Wait
from app.client.replies import error_in

FIRST_WAIT_SECONDS = 0.1
LONGEST_WAIT_SECONDS = 5.0
DOUBLINGS = 6
WAY_BACK_SECONDS = 0.1
RETRIED = (429, 503)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How requests are delivered: `retries` times more where that may help.

    `chance` gives numbers from 0 to 1, `clock` monotonic seconds.
    """

    retries: int
    headers: Mapping[str, str] = field(default_factory=dict)
    chance: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic

    def deliver(self, request: Request, timeout_seconds: float) -> Steps[Reply]:
        """The answer, of whatever status but 429 and 503, within `timeout_seconds`, retries and waits included.

        Raises `RetryLater` and `ServerUnreachable` where the retries are used up or the next could only come after
        the deadline, and `DeadlineExceeded`.
        """
        deadline = self.clock() + timeout_seconds
        attempt = 0
        while True:
            outcome = yield from self.send(request, deadline - self.clock())
            if isinstance(outcome, Reply) and outcome.status not in RETRIED:
                return outcome
            error = error_of(outcome, timeout_seconds)
            if attempt == self.retries or isinstance(error, DeadlineExceeded):
                raise error
            seconds = self._wait_seconds(attempt, error)
            if self.clock() + seconds >= deadline:
                raise error
            yield Wait(seconds)
            attempt += 1

    def send(self, request: Request, left_seconds: float) -> Steps[Reply | NoReply]:
        """One attempt, which tells the server how long it may take: a little less, so that its answer is in time."""
        if left_seconds <= 0:
            return NoReply("the time was over before it could be sent", is_late=True)
        allowed_seconds = left_seconds - min(left_seconds / 10, WAY_BACK_SECONDS)
        milliseconds = str(max(1, int(1000 * allowed_seconds)))
        headers = {**self.headers, "X-Request-Timeout-Ms": milliseconds}
        outcome = yield Send(request, headers, left_seconds)
        if outcome is None:
            raise TypeError("expected what became of a request; received nothing from the transport")
        return outcome

    def _wait_seconds(self, attempt: int, error: HorngateError) -> float:
        """How long to wait after so many retries."""
        longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** min(attempt, DOUBLINGS))
        asked = error.retry_after_seconds if isinstance(error, RetryLater) else 0.0
        return asked + self.chance() * longest


def error_of(outcome: Reply | NoReply, timeout_seconds: float) -> HorngateError:
    """What there is to tell of an attempt that failed."""
    if isinstance(outcome, Reply):
        return error_in(outcome)
    if outcome.is_late:
        return DeadlineExceeded(f"expected an answer within {timeout_seconds:.3g} s; received none; allow more time")
    return ServerUnreachable(f"expected an answer; the connection failed ({outcome.reason}); is the server running?")
