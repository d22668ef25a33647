"""What must not be missed."""

import pytest

from app.bench.limit import Limit, RowCost
from app.bench.measurement import Measurement
from app.bench.notes import notes_of


@pytest.fixture
def notes(outcome_of):
    """All notes of an outcome, as one text."""
    return lambda *measurements, **settings: "\n".join(notes_of(outcome_of(*measurements, **settings)))


def test_a_clean_run_says_only_what_the_generator_took(notes, step_of, counts_of):
    text = notes(Measurement(step_of(1), counts_of({200: 100}), 1), Measurement(step_of(8), counts_of({200: 200}), 1))
    assert text == "the generator took 50 to 100 µs of CPU per request, 0.01 cores at most"


def test_refusals_say_how_many_told_when_to_come_back(notes, step_of, counts_of):
    counts = counts_of({200: 1, 429: 10, 503: 4, 504: 2})
    counts.retry_after.update({429: 10, 503: 1})
    text = notes(Measurement(step_of(8), counts, 1))
    assert "8 connections: 429 × 10, all with Retry-After" in text
    assert "8 connections: 503 × 4, 1 with Retry-After" in text
    assert "8 connections: 504 × 2, none with Retry-After" in text
    assert "8 connections: what was not accepted was told so in p50 2.00 ms, p99 2.00 ms" in text


def test_errors_and_timeouts_are_counted_by_kind(notes, step_of, counts_of):
    counts = counts_of({200: 1}, timeouts=1234)
    counts.errors.update({"connection refused": 3, "closed by the server": 5})
    text = notes(Measurement(step_of(rate=500.0), counts, 1))
    assert "500/s: closed by the server × 5\n500/s: connection refused × 3" in text
    assert "500/s: no answer in 10 s × 1,234; they stand in the percentiles" in text


def test_a_first_answer_that_was_no_success_is_told_with_its_detail(notes):
    assert notes(status=422, detail="empty text") == "the server answered 422 to the first request: empty text"


def test_an_end_before_time_is_told_first(outcome_of, step_of, counts_of):
    outcome = outcome_of(Measurement(step_of(1), counts_of({200: 1}), 1))
    outcome.problem, outcome.was_interrupted = "the server stopped answering", True
    assert notes_of(outcome)[:2] == [
        "stopped: the server stopped answering",
        "interrupted: the figures are of the time until then",
    ]


def test_a_generator_that_is_too_busy_says_so(notes, step_of, counts_of):
    counts = counts_of({200: 10})
    counts.cpu_seconds = 0.9
    assert "raise --workers" in notes(Measurement(step_of(1), counts, 1))


def test_how_late_requests_went_out_is_told(notes, step_of, counts_of):
    counts = counts_of({200: 10})
    counts.send_delay.record(0.00025)
    assert "at most 0.25 ms (p99) after they were due" in notes(Measurement(step_of(rate=5.0), counts, 1))


def test_the_limit_is_told_with_its_parts(outcome_of, step_of, counts_of):
    outcome = outcome_of(Measurement(step_of(32), counts_of({200: 10}), 1))
    exchange = Measurement(step_of(32), counts_of({200: 1000}), 1, 0.06)
    outcome.limit = Limit(exchange, RowCost("sentiment/1", {1: 2e-4, 32: 1e-4}))
    assert notes_of(outcome)[1:] == [
        "empty ASGI exchange, a process for each core, 32 connections: 1,000 requests/s, 60 µs of CPU each",
        "bare runtime, sentiment/1, one thread, batches of 32: 10,000 rows/s of CPU time, 100.0 µs each",
        "the limit is the two together: 160 µs of CPU per request",
    ]
