"""The peers' virtual environments."""

import sys
from importlib.metadata import version

import pytest

from app.bench.errors import BenchInvalid
from scripts.benchmark.environments import open_environment


def test_an_environment_that_has_the_versions_is_taken_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    assert open_environment(tmp_path, [f"uvicorn[standard]=={version('uvicorn')}"]) == tmp_path / "bin"
    assert [path.name for path in (tmp_path / "bin").iterdir()] == ["python"]


def test_what_cannot_be_made_is_told_in_a_line(tmp_path):
    (tmp_path / "absent").write_text("no folder")
    with pytest.raises(BenchInvalid, match=r"-m venv .*absent failed: Error: .*absent"):
        open_environment(tmp_path / "absent", ["absent==1.0"])
