"""The figures of the live panel, in one process and over several."""

import os
import subprocess
import sys

import pytest
from prometheus_client import CollectorRegistry

from app.observability import METRICS_FOLDER_VARIABLE
from app.observability.live import ModelFigures, read_figures
from app.observability.metrics import SECONDS, Metrics
from app.types import Timing


def counts(at: dict[float, int]) -> list[float]:
    """Cumulative counts: so many requests took at most each bound, the last one any time."""
    return [sum(count for bound, count in at.items() if bound <= limit) for limit in (*SECONDS, 1e9)]


def test_a_model_that_was_never_asked_has_noughts(monkeypatch):
    monkeypatch.delenv(METRICS_FOLDER_VARIABLE, raising=False)
    metrics = Metrics(CollectorRegistry())
    metrics.observe_model("topic", 1)
    assert read_figures(metrics.registry) == {"topic": ModelFigures()}


def test_the_versions_of_a_model_are_added_up(monkeypatch):
    monkeypatch.delenv(METRICS_FOLDER_VARIABLE, raising=False)
    metrics = Metrics(CollectorRegistry())
    for version, seconds in ((1, 0.003), (2, 0.2), (2, 60.0)):
        observed = metrics.observe_model("topic", version)
        metrics.request_finished("/predict/{model}", "topic", str(version), 200, seconds)
        observed.batch_ran(4)
        observed.answered(Timing(), ["World"])
    observed.rejected("queue_full")
    observed.queue_changed(3)
    metrics.flush()
    expected = ModelFigures(batches=3, rows=12, waiting=3, refused=1, seconds=counts({0.003: 1, 0.2: 1, 60: 1}))
    assert read_figures(metrics.registry) == {"topic": expected}


def test_requests_that_name_no_model_are_nobodys(monkeypatch):
    monkeypatch.delenv(METRICS_FOLDER_VARIABLE, raising=False)
    metrics = Metrics(CollectorRegistry())
    metrics.request_finished("unmatched", "", "", 404, 0.1)
    metrics.flush()
    assert read_figures(metrics.registry) == {}


WORKER = """
import sys
from prometheus_client import CollectorRegistry
from app.observability.live import read_figures
from app.observability.metrics import Metrics

metrics = Metrics(CollectorRegistry())
for seconds in (0.003, 0.2):
    metrics.request_finished("/predict/{model}", "topic", "1", 200, seconds)
observed = metrics.observe_model("topic", 1)
observed.queue_changed(2)
observed.batch_ran(5)
observed.rejected("queue_full")
metrics.flush()
print(read_figures(metrics.registry)["topic"])
"""


@pytest.mark.parametrize("workers", [1, 3])
def test_several_workers_tell_the_sum_of_all_and_the_waiting_rows_of_the_living(tmp_path, workers):
    environment = {**os.environ, METRICS_FOLDER_VARIABLE: str(tmp_path)}
    for _ in range(workers):
        command = [sys.executable, "-c", WORKER]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    n = workers
    expected = ModelFigures(batches=n, rows=5 * n, waiting=2, refused=n, seconds=counts({0.003: n, 0.2: n}))
    assert eval(run.stdout, {"ModelFigures": ModelFigures}) == expected
