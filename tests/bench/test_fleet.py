"""Real generator processes."""

import multiprocessing
import os
import signal
import threading

import pytest

from app.bench.errors import BenchInvalid
from app.bench.fleet import Fleet, Watch


def test_several_processes_share_a_step_and_their_counts_add_up(serve, load_for, step_of):
    server = serve()
    edges = []
    with Fleet(load_for(server.url), workers=2) as fleet:
        step = step_of(4, rate=200.0)
        watch = Watch(opened=lambda: edges.append("opened"), closed=lambda: edges.append("closed"))
        counts = fleet.run(step, watch)
        again = fleet.run(step)
    assert counts.statuses == again.statuses == {200: 60}
    assert edges == ["opened", "closed"]
    assert not fleet.was_interrupted
    assert multiprocessing.active_children() == []


def test_a_step_of_one_connection_needs_one_process(serve, load_for, step_of):
    server = serve()
    progress = []
    with Fleet(load_for(server.url), workers=2) as fleet:
        counts = fleet.run(step_of(1, seconds=0.5), Watch(progressed=progress.append))
    assert counts.opened == 1
    assert progress == sorted(progress)
    assert progress


def test_ctrl_c_however_often_ends_a_step_with_what_it_has(serve, load_for, step_of):
    server = serve()
    handler = signal.getsignal(signal.SIGINT)

    def interrupt():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    with Fleet(load_for(server.url)) as fleet:
        counts = fleet.run(step_of(2, seconds=3600.0), Watch(opened=interrupt))
    assert fleet.was_interrupted
    assert counts.accepted.count == counts.due
    assert 0 <= counts.seconds < 3600
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_process_that_dies_ends_the_step_with_its_exit_code(serve, load_for, step_of):
    server = serve()

    def kill():
        for child in multiprocessing.active_children():
            child.kill()

    with Fleet(load_for(server.url)) as fleet, pytest.raises(BenchInvalid, match="ended with exit code -9"):
        fleet.run(step_of(1, seconds=3600.0), Watch(opened=kill))


def test_a_process_that_is_not_heard_of_ends_the_step_and_is_ended(serve, load_for, step_of, monkeypatch):
    monkeypatch.setattr("app.bench.fleet.SPARE_SECONDS", -3600.0)
    monkeypatch.setattr("app.bench.fleet.CLOSE_SECONDS", 0.0)
    with Fleet(load_for(serve().url)) as fleet, pytest.raises(BenchInvalid, match="received nothing in time"):
        fleet.run(step_of(1))
    assert multiprocessing.active_children() == []


def test_off_the_main_thread_ctrl_c_is_left_alone(serve, load_for, step_of):
    server = serve()
    results = []

    def measure():
        with Fleet(load_for(server.url)) as fleet:
            results.append(fleet.run(step_of(1, rate=50.0)))

    thread = threading.Thread(target=measure)
    thread.start()
    thread.join(60)
    assert results[0].statuses == {200: 15}
