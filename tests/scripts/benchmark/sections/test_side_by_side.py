"""Horngate and its peers: the table, and a whole run."""

import shutil

import pytest

from scripts.benchmark.result import Conditions
from scripts.benchmark.sections.side_by_side import measure_side_by_side, table_of

needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is a Debian package")


def test_the_table_has_a_row_per_server_and_ratios_to_ours(measured_of):
    heads, ours, theirs = table_of([measured_of("Horngate", rate=400), measured_of("mosec", errors=1)])
    row = dict(zip(heads, theirs, strict=True))
    assert ours[:2] == ["Horngate", "1.5"]
    assert row["req/s, c=32"] == "100 (3 errors)"
    assert row["of ours, c=32"] == "0.250"
    assert (row["p50 ms, c=1"], row["p99 ms, c=128"], row["CPU µs, c=1"]) == ("1.00", "2.0", "300")
    assert row["PSS MiB"] == "61"


@needs_wrk
def test_a_peer_that_cannot_be_installed_is_left_out_and_named(tiny_models, tmp_path, caplog):
    (tmp_path / "mosec").write_text("no folder")
    section = measure_side_by_side(Conditions(tiny_models, 1, 1, 1.0, tmp_path, ["mosec"]))
    assert [row[0] for row in section.table] == ["server", "Horngate"]
    assert any(note.startswith("mosec was left out: ") for note in section.notes)
    assert "mosec was left out" in caplog.text
    assert section.figures["servers"][0]["runs"].keys() == {1, 32, 128}
    assert section.aims == []
