"""The result for machines and for people who were not there."""

import json
from xml.etree import ElementTree as ET

import pytest

from app.cli.calibration.output import to_json, write_page
from app.errors import ModelInvalid
from app.repository.manifest import Plan


def test_json_holds_everything_and_no_infinity(outcome_of):
    outcome = outcome_of(contention=0.123456, slo_p99_ms=50)
    document = json.loads(to_json(outcome), parse_constant=pytest.fail)
    assert document["model"] == "net/3"
    assert (document["reference"], document["contention"], document["slo_p99_ms"]) == ("tensorflow", 0.1235, 50)
    assert document["trials"][0] == {
        "runtime": "onnx",
        "threads": 1,
        "difference": 2.5e-7,
        "batch_seconds": {"1": 0.001, "8": 0.004, "64": 0.04},
    }
    assert document["excluded"][0] == {"runtime": "openvino", "reason": "its answers differ", "difference": None}
    assert Plan.model_validate(document["plan"]) == outcome.plan
    assert Plan.model_validate(document["before"]) == outcome.before
    assert document["is_written"] is True


def test_json_of_a_model_without_a_plan_before(outcome_of):
    document = json.loads(to_json(outcome_of(before=None, contention=None)))
    assert (document["before"], document["contention"]) == (None, None)


def test_the_page_is_well_formed_and_has_table_chart_and_notes(outcome_of, tmp_path):
    write_page(outcome_of(), tmp_path / "plan.html")
    page = ET.fromstring((tmp_path / "plan.html").read_text(encoding="utf-8").partition("\n")[2])
    assert page.findtext("head/title") == "horngate calibrate: net/3"
    assert len(page.findall(".//tr")) == 3
    assert len(page.findall(".//{*}polyline")) == 2
    assert page.find(".//ul/li") is not None


def test_a_page_that_cannot_be_written_is_one_line(outcome_of, tmp_path):
    with pytest.raises(ModelInvalid, match=r"cannot write .*: No such file or directory"):
        write_page(outcome_of(), tmp_path / "absent" / "plan.html")
