"""What counts, and as what."""

import pytest

from app.bench.tally import Counts, Tally, Window


@pytest.fixture
def tally():
    """Measures from second 10 to second 20; good is within half a second; three rows a request."""
    return Tally(Window(10.0, 10.0), 3, 0.5)


def test_an_accepted_answer_counts_with_its_rows(tally):
    tally.answered(11.0, 11.25, 200, has_retry_after=False)
    counts = tally.counts
    assert (counts.due, counts.answered, counts.good, counts.rows) == (1, 1, 1, 3)
    assert counts.accepted.highest == 0.25


def test_an_answer_past_the_deadline_is_accepted_and_not_good(tally):
    tally.answered(11.0, 11.75, 200, has_retry_after=False)
    assert (tally.counts.answered, tally.counts.good, tally.counts.rows) == (1, 0, 3)


def test_a_refusal_is_no_accepted_latency(tally):
    tally.answered(11.0, 11.1, 429, has_retry_after=True)
    tally.answered(11.0, 11.1, 503, has_retry_after=False)
    counts = tally.counts
    assert (counts.good, counts.rows, counts.accepted.count, counts.refused.count) == (0, 0, 0, 2)
    assert counts.statuses == {429: 1, 503: 1}
    assert counts.retry_after == {429: 1}


def test_what_was_due_while_warming_up_counts_only_towards_the_rate(tally):
    tally.answered(9.0, 10.5, 200, has_retry_after=False)
    tally.timed_out(9.0, 12.0)
    tally.failed(9.0, "connection refused")
    tally.sent(9.0, 10.5)
    counts = tally.counts
    assert (counts.answered, counts.due, counts.timeouts, counts.accepted.count) == (1, 0, 0, 0)
    assert (counts.errors, counts.send_delay.count) == ({}, 0)
    assert tally.ended == 3


def test_an_answer_after_the_window_has_its_latency_counted_and_no_part_in_the_rate(tally):
    tally.answered(19.0, 25.0, 200, has_retry_after=False)
    assert (tally.counts.answered, tally.counts.good, tally.counts.accepted.highest) == (0, 0, 6.0)


def test_a_timeout_stands_in_the_percentiles_with_the_time_it_waited(tally):
    tally.timed_out(11.0, 18.0)
    assert (tally.counts.timeouts, tally.counts.accepted.highest) == (1, 7.0)


def test_errors_are_counted_by_kind(tally):
    for kind in ("connection refused", "closed by the server", "connection refused"):
        tally.failed(11.0, kind)
    assert tally.counts.errors == {"connection refused": 2, "closed by the server": 1}


def test_the_workers_counts_add_up_over_one_window():
    one, other = (Tally(Window(0.0, 10.0), 1, None) for _ in range(2))
    one.answered(1.0, 2.0, 200, has_retry_after=False)
    other.answered(1.0, 4.0, 429, has_retry_after=True)
    other.sent(1.0, 1.5)
    one.counts.seconds = other.counts.seconds = 10.0
    total = Counts()
    total.merge(one.counts)
    total.merge(other.counts)
    assert (total.due, total.answered, total.seconds) == (2, 2, 10.0)
    assert total.statuses == {200: 1, 429: 1}
    assert (total.accepted.count, total.refused.count, total.send_delay.count) == (1, 1, 1)


def test_a_window_that_closes_early_is_shorter_and_never_negative():
    window = Window(10.0, 5.0)
    window.close(12.0)
    window.close(14.0)
    assert window.seconds == 2.0
    window.close(3.0)
    assert window.seconds == 0.0
