"""Refusals by the clock: a burst at once, a steady stream at once, and what is beyond that later."""

from app.http.pacing import DELAY_SECONDS, REFUSED_AT_ONCE_PER_SECOND, RefusalPacing


class Clock:
    """Seconds that the test says."""

    now = 7.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_goes_out_at_once_and_what_is_beyond_it_waits():
    pacing = RefusalPacing(Clock())
    delays = [pacing.delay_seconds() for _ in range(int(REFUSED_AT_ONCE_PER_SECOND) + 50)]
    assert delays == [0.0] * int(REFUSED_AT_ONCE_PER_SECOND) + [DELAY_SECONDS] * 50


def test_the_steady_rate_never_waits_and_twice_of_it_does_half_of_the_time():
    for times, prompt_share in ((1, 1.0), (2, 0.5)):
        clock = Clock()
        pacing = RefusalPacing(clock)
        delays = []
        for _ in range(8 * int(REFUSED_AT_ONCE_PER_SECOND)):
            clock.now += 1 / (times * REFUSED_AT_ONCE_PER_SECOND)
            delays.append(pacing.delay_seconds())
        late = delays[len(delays) // 2 :]
        assert abs(late.count(0.0) / len(late) - prompt_share) < 0.01


def test_a_long_calm_allows_one_burst_and_no_more():
    clock = Clock()
    pacing = RefusalPacing(clock)
    clock.now += 3600
    delays = [pacing.delay_seconds() for _ in range(int(REFUSED_AT_ONCE_PER_SECOND) + 1)]
    assert delays[-2:] == [0.0, DELAY_SECONDS]
