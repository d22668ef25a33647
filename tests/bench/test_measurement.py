"""Figures from counts."""

import json

import pytest

from app.bench.measurement import Measurement


@pytest.fixture
def measurement(step_of, counts_of):
    """100 answers of 200 and 50 of 429 in a second, two rows a request, and a server that took 30 ms for them."""
    counts = counts_of({200: 100, 429: 50}, timeouts=3)
    counts.errors["connection refused"] = 7
    counts.retry_after[429] = 50
    return Measurement(step_of(8), counts, 2, 0.03)


def test_rates_are_per_second_of_the_window(measurement):
    measurement.counts.seconds = 2.0
    assert (measurement.rate, measurement.goodput, measurement.rows_rate) == (75, 50, 50)
    assert measurement.own_cores == pytest.approx(0.005)


def test_cpu_time_is_per_answer(measurement):
    assert measurement.own_cpu_us == pytest.approx(1e6 * 0.01 / 150)
    assert measurement.server_cpu_us == pytest.approx(200)


def test_what_went_wrong_is_told_apart(measurement, step_of, counts_of):
    assert (measurement.refusals, measurement.errors, measurement.is_clean) == (50, 7, False)
    assert Measurement(step_of(8), counts_of({200: 1, 204: 1}), 1).is_clean


def test_a_window_that_never_opened_has_no_rates(step_of, counts_of):
    counts = counts_of({})
    counts.seconds = 0.0
    empty = Measurement(step_of(8), counts, 1, 0.5)
    assert (empty.rate, empty.latency_ms(99), empty.server_cpu_us) == (0, 0, None)


def test_json_names_every_unit(measurement):
    document = json.loads(json.dumps(measurement.to_json()))
    assert document["loop"] == "closed"
    assert document["statuses"] == {"200": 100, "429": 50}
    assert document["with_retry_after"] == {"429": 50}
    assert document["errors"] == {"connection refused": 7}
    assert document["timeouts"] == 3
    assert document["latency_ms"]["p99.9"] == pytest.approx(2.0, rel=2e-3)
    assert document["refused_latency_ms"]["max"] == pytest.approx(2.0)
    assert document["server_cpu_us_per_request"] == 200.0
    assert document["send_delay_ms"] is None
