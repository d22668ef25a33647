import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from app.cli.doctor.server import _clock, _models, _ready, _turned_away, _version, check_server

REJECTED = """
horngate_rejected_total{model="a",reason="queue_full"} 3.0
horngate_rejected_total{model="b",reason="queue_full"} 2.0
horngate_rejected_total{model="b",reason="not_ready"} 0.0
"""

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_server_that_is_well_is_ok(server_url):
    found = list(check_server(server_url))
    assert {finding.level for finding in found} <= {"ok", "warning"}
    assert any("sentiment/1 on onnx" in finding.found for finding in found)
    assert any(finding.found == "it is ready" for finding in found)


def test_what_does_not_answer_or_is_no_horngate_is_a_problem(server_url):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", f"{server_url}/absent", "http://[", "nothing"):
        assert [finding.level for finding in check_server(url)] == ["problem"]


def test_a_server_that_is_not_ready_is_a_problem():
    reply = httpx.Response(503, json={"status": "unavailable", "detail": "models are still being loaded"})
    assert _ready(reply).found == "it is not ready: models are still being loaded"


def test_folders_that_it_cannot_serve_and_rows_that_wait_are_told():
    model = {"model": "a", "version": 1, "runtime": "onnx", "queued_rows": 7}
    found = list(_models({"models": [model], "failures": [{"folder": "b/1", "reason": "broken"}]}))
    assert [finding.level for finding in found] == ["ok", "problem", "ok"]
    assert found[2].found == "7 rows wait in the worker that answered"


def test_another_version_is_a_warning():
    assert _version({"version": "0.0.0"}).level == "warning"


def test_requests_that_were_turned_away_are_counted_by_reason():
    (finding,) = _turned_away(REJECTED)
    assert (finding.level, finding.found) == ("warning", "it has turned requests away: 5 for queue_full")
    assert next(_turned_away("")).level == "ok"


@pytest.mark.parametrize(
    ("seconds", "level", "told"), [(0, "ok", "agrees"), (-60, "warning", "60 s behind"), (60, "warning", "60 s ahead")]
)
def test_clocks_that_differ_are_a_warning(seconds, level, told):
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    finding = _clock(date, NOW.timestamp())
    assert finding.level == level
    assert told in finding.found
    assert _clock("", 0.0).level == "ok"
