"""How soon a refusal goes out: what clients who ask again at once would cost is not taken from the models."""

from collections.abc import Callable
from time import perf_counter

REFUSED_AT_ONCE_PER_SECOND = 200.0
"""So many refusals a second go out at once, and as many in a burst; where all cores compute, each costs some 0.3 ms."""

DELAY_SECONDS = 0.25
"""What comes beyond that waits so long: a quarter of the shortest `Retry-After`. Who heeds that never notices; who does
not is kept from asking thousands of times a second.
"""


class RefusalPacing:
    """Lets so many refusals a second out at once, and holds the others for a moment; a token bucket.

    `clock` gives seconds that only rise.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._tokens = REFUSED_AT_ONCE_PER_SECOND
        self._at = clock()

    def delay_seconds(self) -> float:
        """How long the refusal at hand has to wait, 0 for not at all."""
        now = self._clock()
        gained = (now - self._at) * REFUSED_AT_ONCE_PER_SECOND
        self._tokens = min(self._tokens + gained, REFUSED_AT_ONCE_PER_SECOND)
        self._at = now
        if self._tokens < 1:
            return DELAY_SECONDS
        self._tokens -= 1
        return 0.0
