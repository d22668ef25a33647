"""What a soak came to."""

import pytest

from scripts.benchmark.soak.exchanges import Exchange
from scripts.benchmark.soak.outcome import Outcome

RIGHT = Exchange("right", "/predict")
HUGE = Exchange("huge", "/predict", frozenset({413, 0}))


def outcome_of(*memory: float) -> Outcome:
    return Outcome(memory_mib=list(memory))


def test_growth_is_from_the_first_tenth_to_the_last():
    outcome = outcome_of(*[100.0, 90.0, 500.0], *[300.0] * 24, *[110.0, 105.0, 107.0])
    assert outcome.growth_percent == pytest.approx(7.0)


@pytest.mark.parametrize(("last", "holds"), [(102.9, True), (103.1, False), (80.0, True)])
def test_memory_may_grow_by_three_percent(last, holds):
    assert outcome_of(100.0, last).holds is holds


def test_without_samples_nothing_is_proved():
    assert outcome_of().holds is False
    assert outcome_of().growth_percent == 0.0


def test_an_answer_that_was_not_due_is_named():
    outcome = outcome_of(100.0)
    outcome.answered(RIGHT, 500, has_retry_after=False)
    outcome.failed(RIGHT, "ReadError")
    assert outcome.unexpected == {"right: status 500": 1, "right: ReadError": 1}
    assert outcome.holds is False


def test_a_refusal_has_to_say_when_to_come_back():
    outcome = outcome_of(100.0)
    outcome.answered(RIGHT, 429, has_retry_after=True)
    assert outcome.holds is True
    outcome.answered(RIGHT, 429, has_retry_after=False)
    assert outcome.unexpected == {"right: status 429 without Retry-After": 1}


def test_what_is_too_large_may_be_cut_off_and_a_client_may_leave():
    outcome = outcome_of(100.0)
    outcome.failed(HUGE, "WriteError")
    outcome.left(RIGHT)
    assert outcome.holds is True
    assert outcome.statuses == {("huge", 0): 1, ("right", 0): 1}


def test_the_report_has_memory_answers_and_what_was_unexpected():
    outcome = outcome_of(100.0, 102.0)
    outcome.answered(RIGHT, 200, has_retry_after=False)
    outcome.failed(RIGHT, "ReadError")
    text = outcome.to_markdown()
    assert "100.0 → 102.0 MiB, +2.0 % (aim: ≤ +3 %)." in text
    assert "Unexpected answers: 1\n- 1 × right: ReadError" in text
    assert "| right | 2 | 1 × closed, 1 × 200 |" in text
    assert outcome.to_json() == {
        "growth_percent": 2.0,
        "memory_mib": [100.0, 102.0],
        "unexpected": {"right: ReadError": 1},
        "statuses": {"right": {"200": 1, "0": 1}},
    }
