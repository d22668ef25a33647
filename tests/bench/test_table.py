"""The table."""

import pytest

from app.bench.limit import Limit, RowCost
from app.bench.measurement import Measurement
from app.bench.table import report_text, table_of


def test_a_clean_run_has_no_columns_for_what_did_not_happen(outcome_of, step_of, counts_of):
    outcome = outcome_of(Measurement(step_of(8), counts_of({200: 1500}), 1))
    assert table_of(outcome) == [
        ["load", "requests/s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms", "own CPU µs"],
        ["8 connections", "1,500", "2.00", "2.00", "2.00", "2.00", "2.0", "7"],
    ]


def test_what_happened_in_one_step_has_its_column_in_all(outcome_of, step_of, counts_of):
    refused = counts_of({429: 2}, timeouts=0)
    refused.errors["connection refused"] = 1
    outcome = outcome_of(Measurement(step_of(1), counts_of({200: 10}), 3), Measurement(step_of(2), refused, 3, 0.001))
    head, clean, other = table_of(outcome)
    cells = dict(zip(head, zip(clean, other, strict=True), strict=True))
    assert cells["rows/s"] == ("10", "0")
    assert cells["good/s"] == ("10", "0")
    assert cells["not 2xx"] == ("–", "2")
    assert cells["errors"] == ("–", "1")
    assert cells["p99 ms"] == ("2.00", "–")
    assert cells["server CPU µs"] == ("–", "500")
    assert "timeouts" not in cells


def test_the_share_of_the_limit_stands_beside_the_step(outcome_of, step_of, counts_of):
    outcome = outcome_of(Measurement(step_of(1), counts_of({200: 100}), 1, 0.02))
    outcome.limit = Limit(Measurement(step_of(1), counts_of({200: 100}), 1, 0.006), RowCost("m/1", {1: 4e-5}))
    assert table_of(outcome)[1][-2:] == ["200", "0.50"]


def test_the_text_has_columns_of_one_width(outcome_of, step_of, counts_of):
    outcome = outcome_of(
        Measurement(step_of(1), counts_of({200: 10}), 1), Measurement(step_of(1000), counts_of({200: 20}), 1)
    )
    text = report_text(outcome)
    lines = text.split("\n\n")[1].splitlines()
    assert len(lines) == 4
    assert len({len(line) for line in lines}) == 1
    assert text.startswith("http://127.0.0.1:8000/predict/sentiment\napplication/json, 20 bytes\n")


def test_without_a_measurement_the_notes_remain(outcome_of):
    assert report_text(outcome_of(status=503, detail="loading")).endswith("to the first request: loading")


@pytest.mark.parametrize("deadline", [None, 0.01])
def test_goodput_has_its_column_where_there_is_a_deadline(outcome_of, step_of, counts_of, deadline):
    step = step_of(1, deadline_seconds=deadline)
    assert ("good/s" in table_of(outcome_of(Measurement(step, counts_of({200: 1}), 1)))[0]) == (deadline is not None)
