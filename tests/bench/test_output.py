"""JSON and the report's file."""

import json

import pytest

from app.bench.errors import BenchInvalid
from app.bench.limit import Limit, RowCost
from app.bench.measurement import Measurement
from app.bench.output import to_json, write_report


def test_json_holds_steps_limit_and_circumstances(outcome_of, step_of, counts_of):
    outcome = outcome_of(Measurement(step_of(32), counts_of({200: 100}), 1, 0.02))
    outcome.limit = Limit(Measurement(step_of(32), counts_of({200: 100}), 1, 0.006), RowCost("m/1", {1: 8e-5, 8: 4e-5}))
    document = json.loads(to_json(outcome))
    assert document["model"] == "sentiment/1"
    assert document["steps"][0]["share_of_limit"] == 0.5
    assert document["limit"]["cpu_us_per_request"] == 100.0
    assert document["limit"]["bare_runtime"] == {
        "model": "m/1",
        "threads": 1,
        "best_batch": 8,
        "rows_per_cpu_second": 25000.0,
        "cpu_us_per_row_by_batch": {"1": 80.0, "8": 40.0},
    }
    assert document["limit"]["empty_exchange"]["server_cpu_us_per_request"] == 60.0


def test_json_without_a_limit_says_so(outcome_of, step_of, counts_of):
    outcome = outcome_of(Measurement(step_of(1), counts_of({200: 1}), 1))
    outcome.problem = "it ended"
    document = json.loads(to_json(outcome))
    assert (document["limit"], document["problem"], document["was_interrupted"]) == (None, "it ended", False)
    assert "share_of_limit" not in document["steps"][0]


def test_a_report_is_written(outcome_of, tmp_path):
    write_report(outcome_of(), tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_file_that_cannot_be_written_is_named(outcome_of, tmp_path):
    with pytest.raises(BenchInvalid, match=r"cannot write .*nowhere/report\.html: No such file"):
        write_report(outcome_of(), tmp_path / "nowhere" / "report.html")
