"""Counts that wait in plain Python come out as if each had been handed over at once."""

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from app.observability.metrics import SECONDS
from app.observability.tally import CounterTally, GaugeTally, HistogramTally


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


def samples(histogram: Histogram) -> dict[tuple[str, str], float]:
    return {
        (sample.name, sample.labels.get("le", "")): sample.value
        for family in histogram.collect()
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


@pytest.mark.parametrize("values", [[0.0004], list(SECONDS), [0.0, 1e9], [0.003] * 1000, [0.0011, 0.02, 0.02, 0.3]])
def test_a_histogram_is_the_same_as_if_it_had_observed_each_value(values: list[float]) -> None:
    told, tallied = (Histogram("seconds", "Time", buckets=SECONDS, registry=CollectorRegistry()) for _ in range(2))
    tally = HistogramTally(tallied)
    for value in values:
        told.observe(value)
        tally.observe(value)
    assert samples(tallied) != samples(told)
    tally.flush()
    assert samples(tallied) == pytest.approx(samples(told))
    tally.flush()
    assert samples(tallied) == pytest.approx(samples(told))


def test_a_counter_gets_the_sum_once(registry: CollectorRegistry) -> None:
    tally = CounterTally(Counter("requests", "Requests", registry=registry))
    for amount in (1, 1, 3):
        tally.inc(amount)
    assert registry.get_sample_value("requests_total") == 0
    for _ in range(2):
        tally.flush()
        assert registry.get_sample_value("requests_total") == 5


def test_a_gauge_is_the_sum_of_those_who_share_it(registry: CollectorRegistry) -> None:
    gauge = Gauge("rows", "Rows", registry=registry)
    first, second = GaugeTally(gauge), GaugeTally(gauge)
    first.set(3)
    second.set(4)
    for tally in (first, second, first):
        tally.flush()
    assert registry.get_sample_value("rows") == 7
    first.set(9)
    first.set(1)
    first.flush()
    assert registry.get_sample_value("rows") == 5
