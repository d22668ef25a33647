"""CPU time of process trees, from a made-up /proc."""

import os

import pytest

from app.bench import cpu
from app.bench.cpu import ProcessTree, Stopwatch


@pytest.fixture
def spend(tmp_path, monkeypatch):
    """Sets a made-up process's parent and CPU ticks (user, system)."""
    monkeypatch.setattr(cpu, "PROC", tmp_path)

    def spend(pid, parent, user, system):
        folder = tmp_path / str(pid)
        folder.mkdir(exist_ok=True)
        fields = [str(pid), "(a (strange) name)", "S", str(parent), *["0"] * 9, str(user), str(system), "0", "0"]
        (folder / "stat").write_text(" ".join(fields))

    return spend


TICK = 1 / os.sysconf("SC_CLK_TCK")


def test_a_tree_is_a_process_and_all_that_descends_from_it(spend):
    spend(1, 0, 500, 0)
    spend(10, 1, 30, 20)
    spend(11, 10, 10, 0)
    spend(12, 11, 1, 0)
    spend(13, 1, 99, 0)
    assert ProcessTree(10).cpu_seconds() == pytest.approx({10: 50 * TICK, 11: 10 * TICK, 12: TICK})


def test_a_stopwatch_counts_new_processes_whole_and_gone_ones_not(spend, tmp_path):
    spend(10, 1, 30, 0)
    spend(11, 10, 10, 0)
    stopwatch = Stopwatch(ProcessTree(10))
    stopwatch.start()
    spend(10, 1, 35, 0)
    spend(12, 10, 7, 0)
    (tmp_path / "11" / "stat").unlink()
    stopwatch.stop()
    assert stopwatch.seconds == pytest.approx(12 * TICK)


def test_a_process_that_went_leaves_no_figure(spend, tmp_path):
    spend(10, 1, 30, 0)
    spend(11, 10, 10, 0)
    stopwatch = Stopwatch(ProcessTree(10))
    stopwatch.start()
    (tmp_path / "10" / "stat").unlink()
    stopwatch.stop()
    assert stopwatch.seconds is None


def test_without_a_tree_nothing_is_measured():
    stopwatch = Stopwatch(None)
    stopwatch.start()
    stopwatch.stop()
    assert stopwatch.seconds is None


def test_whether_a_process_exists_is_asked_of_proc(spend):
    spend(10, 1, 0, 0)
    assert ProcessTree(10).exists
    assert not ProcessTree(11).exists
