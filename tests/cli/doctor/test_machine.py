import os
import resource
import shutil
import stat
from collections import namedtuple

import pytest

from app.cli.doctor import machine
from app.cli.doctor.machine import check_machine, clock, cores, listed_gpus, memory, open_files, shared_memory

GIB = 2**30


@pytest.mark.parametrize(
    ("finding", "level", "told"),
    [
        (lambda: cores(2, 2, None), "ok", "workers: 2"),
        (lambda: cores(2, 8, 1.5), "warning", "--workers 1"),
        (lambda: cores(4, 2, None), "warning", "--workers 2"),
        (lambda: memory(2, 8 * GIB), "ok", "8.0 GiB for 2 workers"),
        (lambda: memory(8, GIB), "warning", "--workers 4, or allow 2.0 GiB"),
        (lambda: memory(1, None), "warning", "cannot be read"),
        (lambda: open_files(1024), "warning", "ulimit -n 4096"),
        (lambda: open_files(65_536), "ok", "65,536"),
        (lambda: open_files(resource.RLIM_INFINITY), "ok", "any number"),
    ],
)
def test_every_limit_has_its_finding(finding, level, told):
    found = finding()
    assert found.level == level
    assert told in found.found + found.advice


def test_little_or_no_shared_memory_is_a_warning(tmp_path, monkeypatch):
    assert shared_memory(tmp_path / "absent").level == "warning"
    usage = namedtuple("usage", "total used free")
    for free, level in ((1, "warning"), (GIB, "ok")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage(GIB, 0, free))
        assert shared_memory(tmp_path).level == level


def test_a_clock_behind_a_models_own_is_a_problem(tiny_models, tmp_path):
    written = max(path.stat().st_mtime for path in tiny_models.glob("*/*/manifest.json"))
    assert clock(tiny_models, written).level == "ok"
    assert clock(tiny_models, written - 10 * 86_400).level == "problem"
    assert clock(tmp_path, 0.0).level == "ok"


@pytest.mark.parametrize(
    ("script", "expected"),
    [("echo 'NVIDIA H200'\necho", ["NVIDIA H200"]), ("echo broken; exit 9", []), (None, [])],
)
def test_gpus_are_what_the_driver_lists(tmp_path, monkeypatch, script, expected):
    monkeypatch.setenv("PATH", str(tmp_path))
    if script is not None:
        command = tmp_path / "nvidia-smi"
        command.write_text(f"#!/bin/sh\n{script}\n")
        command.chmod(command.stat().st_mode | stat.S_IXUSR)
    assert listed_gpus() == expected


def test_a_driver_that_cannot_be_run_lists_none(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: str(tmp_path))
    assert machine.listed_gpus() == []


def test_this_machine_is_looked_at_as_a_whole(tiny_models):
    areas = [finding.area for finding in check_machine(len(os.sched_getaffinity(0)), tiny_models)]
    assert areas == ["python", "cores", "memory", "files", "shared memory", "clock"]
