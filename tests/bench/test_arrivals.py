"""When requests are due."""

from itertools import islice, pairwise

import pytest

from app.bench.arrivals import ClosedArrivals, OpenArrivals, due_times
from app.bench.tally import Window


def test_the_closed_loop_always_has_one_more_until_the_window_ends():
    arrivals = ClosedArrivals(Window(0.0, 10.0))
    assert (arrivals.take(3.0), arrivals.take(10.0), arrivals.waiting, arrivals.expired(99.0)) == (3.0, None, 0, None)


def test_constant_spacing_does_not_drift():
    times = list(islice(due_times(5.0, 3.0, "constant", 0), 300_001))
    assert times[0] == 5.0
    assert times[300_000] == pytest.approx(5.0 + 100_000.0, abs=1e-6)


def test_poisson_arrivals_keep_their_rate_and_follow_from_the_seed():
    one, same, other = (list(islice(due_times(0.0, 50.0, "poisson", seed), 20_000)) for seed in (1, 1, 2))
    assert one == same != other
    assert one == sorted(one)
    assert one[-1] == pytest.approx(400, rel=0.05)
    gaps = [after - before for before, after in pairwise(one)]
    assert sum(gap > 0.02 for gap in gaps) / len(gaps) == pytest.approx(0.368, abs=0.02)  # 1/e of them above the mean


def test_open_arrivals_wait_in_order_until_they_are_taken():
    arrivals = OpenArrivals(due_times(0.0, 10.0, "constant", 0), Window(0.0, 1.0))
    assert arrivals.advance(0.25) == pytest.approx(0.3)
    assert arrivals.waiting == 3
    assert [arrivals.take(0.25) for _ in range(4)] == [0.0, 0.1, 0.2, None]
    assert arrivals.waiting == 0


def test_nothing_is_due_after_the_window():
    arrivals = OpenArrivals(due_times(0.0, 10.0, "constant", 0), Window(0.0, 1.0))
    assert arrivals.advance(99.0) is None
    assert arrivals.waiting == 10


def test_only_what_was_due_before_a_time_expires():
    arrivals = OpenArrivals(due_times(0.0, 10.0, "constant", 0), Window(0.0, 1.0))
    arrivals.advance(0.25)
    assert [arrivals.expired(0.15) for _ in range(3)] == [0.0, 0.1, None]
    assert arrivals.waiting == 1


def test_what_was_due_in_the_window_still_comes_though_the_clock_has_passed_its_end():
    arrivals = OpenArrivals(due_times(0.0, 10.0, "constant", 0), Window(0.0, 1.0))
    arrivals.advance(0.85)
    while arrivals.take(0.85) is not None:
        pass
    assert not arrivals.is_over(99.0)
    arrivals.advance(99.0)
    assert not arrivals.is_over(99.0)
    assert [arrivals.take(99.0), arrivals.take(99.0)] == [pytest.approx(0.9), None]
    assert arrivals.is_over(99.0)
