"""The child's side, in this process."""

import resource
import signal
import sys
import threading
from multiprocessing import Pipe

import pytest

from app.bench.tally import Counts
from app.bench.worker import serve_steps


@pytest.fixture(autouse=True)
def _restore_interrupt():
    """The child ignores Ctrl-C; this process does not."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


class Parent:
    """Sends one step, or nothing, and keeps what the child says; on another thread: the child needs the main one."""

    def __init__(self, step=None, stop_at=None):
        self.ours, self.theirs = Pipe()
        self.said = []
        self._step = step
        self._stop_at = stop_at
        self._thread = threading.Thread(target=self._talk)
        self._thread.start()

    def _talk(self):
        if self._step is not None:
            self.ours.send(self._step)
            while not self.said or not isinstance(self.said[-1], Counts):
                self.said.append(self.ours.recv())
                if self.said[-1] == self._stop_at:
                    self.ours.send("stop")
        self.ours.close()

    def join(self):
        self._thread.join(30)
        self.theirs.close()


def test_a_step_comes_back_as_events_and_counts(serve, load_for, step_of):
    parent = Parent(step_of(1, rate=50.0))
    serve_steps(parent.theirs, load_for(serve().url), 0)
    parent.join()
    assert parent.said[0] == "opened"
    assert parent.said[-1].statuses == {200: 15}
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_a_word_from_the_parent_stops_a_step(serve, load_for, step_of):
    parent = Parent(step_of(1, seconds=3600.0), stop_at="opened")
    serve_steps(parent.theirs, load_for(serve().url), 0)
    parent.join()
    assert 0 <= parent.said[-1].seconds < 3600


def test_a_word_to_stop_that_comes_too_late_is_no_step(load_for):
    ours, theirs = Pipe()
    ours.send("stop")
    ours.close()
    with theirs:
        serve_steps(theirs, load_for("http://127.0.0.1:9"), 0)


def test_the_child_leaves_when_its_parent_is_gone(load_for):
    parent = Parent()
    serve_steps(parent.theirs, load_for("http://127.0.0.1:9"), 0)
    parent.join()
    assert parent.said == []


def test_a_low_limit_of_open_files_is_raised_where_it_may_be(serve, load_for, step_of, monkeypatch):
    asked = []
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (10, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: asked.append(limits))
    parent = Parent(step_of(2, rate=50.0))
    serve_steps(parent.theirs, load_for(serve().url), 0)
    parent.join()
    assert asked == [(66, 4096)]


def test_without_uvloop_the_standard_event_loop_serves(serve, load_for, step_of, monkeypatch):
    monkeypatch.setitem(sys.modules, "uvloop", None)
    parent = Parent(step_of(1, rate=50.0))
    serve_steps(parent.theirs, load_for(serve().url), 0)
    parent.join()
    assert parent.said[-1].statuses == {200: 15}
