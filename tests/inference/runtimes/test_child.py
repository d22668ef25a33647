"""One child process, as its parent holds it."""

import os
import signal
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from app.inference.runtimes.child import Child, ChildDied, start_child


@pytest.fixture
def start(builder_of: Callable[[str], str]) -> Iterator[Callable[[str], Child]]:
    """Starts children, and stops them at the end."""
    children = []

    def start(name: str) -> Child:
        children.append(start_child([builder_of(name)]))
        return children[-1]

    yield start
    for child in children:
        child.stop(0)


def test_what_lies_where_the_server_was_started_is_no_matter(start, tmp_path, monkeypatch):
    (tmp_path / "started").mkdir()
    (tmp_path / "started" / "app.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path / "started")
    start("Echo").load(tmp_path, 60)


def test_tensors_of_any_kind_and_size_come_back_as_they_went(start, tmp_path):
    child = start("Echo")
    child.load(tmp_path, 60)
    for size in (1, 300_000, 2):
        tensors = {
            "values": np.arange(size, dtype=np.float32),
            "texts": np.array(["good", "坏"], object),
            "empty": np.empty((0, 2), np.int64),
        }
        outputs = child.run(tensors, 60)
        for name, array in tensors.items():
            assert outputs[name].dtype == array.dtype
            np.testing.assert_array_equal(outputs[name], array)


def test_answers_are_the_callers_own(start, tmp_path, rows):
    child = start("Doubling")
    child.load(tmp_path, 60)
    first = child.run(rows(1), 60)["y"]
    child.run(rows(9), 60)
    assert first.tolist() == [[2]]
    assert first.flags.writeable


def test_an_idle_child_ends_by_itself(start, tmp_path):
    child = start("Doubling")
    child.load(tmp_path, 60)
    assert child.stop(60) == "ended with exit code 0"
    assert (tmp_path / "closed").exists()


def test_stopping_twice_is_safe_and_tells_the_same(start):
    child = start("Doubling")
    os.kill(child.pid, signal.SIGKILL)
    assert [child.stop(60), child.stop(60)] == ["was ended by SIGKILL"] * 2


def test_a_child_that_does_not_end_is_forced_to(start, tmp_path, rows):
    os.mkfifo(tmp_path / "entered")
    child = start("Doubling")
    child.load(tmp_path, 60)
    with pytest.raises(ChildDied, match=r"did not answer within 0\.05 s"):
        child.run(rows(14), 0.05)
    assert child.stop(60) == "was ended by SIGKILL"


def test_hanging_up_on_a_child_that_was_stopped_is_safe(start):
    child = start("Doubling")
    child.stop(0)
    child.hang_up()


def test_a_child_that_was_left_answers_no_more(start, tmp_path, rows):
    child = start("Doubling")
    child.load(tmp_path, 60)
    child.hang_up()
    with pytest.raises(ChildDied):
        child.run(rows(1), 60)
