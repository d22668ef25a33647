"""The limit and its parts."""

import multiprocessing
import os
import signal

import httpx
import numpy as np
import pytest

from app.bench.cpu import PROC, ProcessTree
from app.bench.errors import BenchInvalid
from app.bench.limit import BATCHES, Limit, RowCost, empty_exchange, measure_exchange, measure_row, row_cost
from app.bench.measurement import Measurement
from app.inference.runtimes.fake import FakeRuntime
from app.types import Signature, TensorSpec

SIGNATURE = Signature((TensorSpec("x", "float32", (None, 2)),), (TensorSpec("y", "float32", (None, 2)),))


def test_every_batch_is_timed_on_copies_of_the_row(monkeypatch):
    monkeypatch.setattr("app.bench.limit.ROUND_SECONDS", 0.0)
    seen = []

    def answer(tensors):
        seen.append(tensors["x"])
        return {"y": tensors["x"]}

    runtime = FakeRuntime(SIGNATURE, answer)
    cost = measure_row("m/1", runtime, {"x": np.array([[1.0, 2.0]], np.float32)})
    assert tuple(cost.seconds_by_batch) == BATCHES
    assert sorted(set(runtime.batches)) == list(BATCHES)
    assert all((batch == [1.0, 2.0]).all() for batch in seen)
    assert all(seconds >= 0 for seconds in cost.seconds_by_batch.values())


def test_a_row_of_a_version_folder_has_a_cost_in_every_batch(tiny_models):
    cost = row_cost(tiny_models / "sentiment" / "1")
    assert cost.model == "sentiment/1"
    assert cost.seconds == min(cost.seconds_by_batch.values()) > 0


@pytest.mark.skipif(not PROC.exists(), reason="processes are seen in /proc")
def test_an_empty_exchange_answers_with_so_many_bytes_and_ends():
    with empty_exchange(17) as (pid, port):
        answer = httpx.post(f"http://127.0.0.1:{port}/predict/sentiment", content=b"{}", trust_env=False)
        assert (answer.status_code, len(answer.content)) == (200, 17)
        assert len(ProcessTree(pid).cpu_seconds()) == len(os.sched_getaffinity(0))
    assert not ProcessTree(pid).exists


def test_the_best_batch_is_the_one_whose_rows_cost_least():
    cost = RowCost("m/1", {1: 5e-6, 8: 1e-6, 64: 2e-6})
    assert (cost.best_batch, cost.seconds) == (8, 1e-6)


def test_the_limit_is_an_exchange_and_its_rows(step_of, counts_of):
    exchange = Measurement(step_of(32), counts_of({200: 100}), 4, 0.005)
    limit = Limit(exchange, RowCost("m/1", {1: 25e-6}))
    assert limit.cpu_us == pytest.approx(50 + 4 * 25)
    assert limit.share(Measurement(step_of(32), counts_of({200: 100}), 4, 0.03)) == pytest.approx(0.5)
    assert limit.share(Measurement(step_of(32), counts_of({200: 100}), 4)) is None


def test_without_cpu_times_there_is_no_limit_to_compare_with(step_of, counts_of):
    limit = Limit(Measurement(step_of(32), counts_of({200: 100}), 1), RowCost("m/1", {1: 1e-6}))
    assert limit.cpu_us is None
    assert limit.share(Measurement(step_of(32), counts_of({200: 100}), 1, 0.03)) is None


def test_an_empty_exchange_is_loaded_in_a_process_of_its_own_which_then_ends(load_for, step_of):
    progress = []
    step = step_of(2, rate=100.0)
    exchange = measure_exchange(load_for("http://127.0.0.1:9/predict/x"), step, 50, 1, progress.append)
    assert exchange.counts.statuses == {200: 30}
    assert (exchange.server_cpu_seconds is not None) == PROC.exists()
    assert multiprocessing.active_children() == []


def test_an_empty_exchange_that_does_not_start_is_named(load_for, step_of, monkeypatch):
    monkeypatch.setattr("app.bench.limit.START_SECONDS", 0.0)
    with pytest.raises(BenchInvalid, match="expected an empty exchange to start"):
        measure_exchange(load_for("http://127.0.0.1:9/predict/x"), step_of(1), 50, 1, print)
    assert multiprocessing.active_children() == []


def test_ctrl_c_ends_the_measurement_of_the_limit(load_for, step_of):
    def interrupt(ended):
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        measure_exchange(load_for("http://127.0.0.1:9/predict/x"), step_of(1, seconds=3600.0), 50, 1, interrupt)
    assert multiprocessing.active_children() == []
