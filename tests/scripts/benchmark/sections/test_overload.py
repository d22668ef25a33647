"""Three times the capacity: what is answered, how late, and what the refused are told."""

import pytest

from app.bench.measurement import Measurement
from app.bench.step import Step
from app.bench.tally import Counts
from scripts.benchmark.sections.overload import Round, aims_of, failures_of


def step_of(rate=None, *, good=0, refused=0, told=0, seconds=2.0, latency=0.01, timeouts=0) -> Measurement:
    counts = Counts(due=good + refused, answered=good + refused, good=good, seconds=seconds, timeouts=timeouts)
    counts.statuses.update({200: good, 429: refused})
    counts.retry_after.update({429: told})
    counts.accepted.record(latency)
    return Measurement(Step(64, rate, seconds, 0.0, 1.0), counts, 1)


@pytest.fixture
def calm():
    """A server that answers 100 a second, also when asked 300, and refuses the rest politely."""
    above = step_of(300.0, good=196, refused=400, told=400, latency=0.02)
    return Round(step_of(good=200), step_of(80.0, good=160), above)


def test_a_calm_server_reaches_every_aim(calm):
    assert [aim.holds for aim in aims_of("heavy", [calm])] == [True, True, True]
    assert calm.goodput_share == pytest.approx(0.98)
    assert calm.p99_ratio == pytest.approx(2.0, rel=0.01)


def test_the_cores_that_the_generator_took_are_not_counted_against_the_server(calm, monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    calm.above.counts.cpu_seconds = 0.4  # of two seconds on two cores
    assert calm.goodput_share == pytest.approx(0.98 * 2 / 1.8)


def test_a_refusal_without_retry_after_is_one_too_many(calm):
    rude = Round(calm.peak, calm.below, step_of(300.0, good=196, refused=400, told=399))
    aim = aims_of("heavy", [calm, rude])[2]
    assert (aim.measured, aim.holds) == ("799 of 800", False)


def test_overload_without_refusals_says_nothing_of_retry_after(calm):
    assert aims_of("heavy", [Round(calm.peak, calm.below, step_of(300.0, good=200))])[2].holds is False


def test_timeouts_and_other_statuses_are_failures_and_make_the_figures_invalid(calm):
    above = step_of(300.0, good=200, refused=400, told=400, timeouts=2)
    above.counts.statuses[504] = 3
    assert failures_of(above) == 5
    aims = aims_of("heavy", [Round(calm.peak, calm.below, above)])
    assert [aim.holds for aim in aims] == [False, False, True]


def test_a_server_that_never_answers_has_no_share():
    nothing = Round(step_of(), step_of(latency=0.0), step_of())
    assert nothing.goodput_share == 0.0
    assert nothing.p99_ratio == 0.0
