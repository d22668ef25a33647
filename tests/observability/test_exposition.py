"""The text that Prometheus scrapes."""

import os
import subprocess
import sys

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from app.observability.exposition import METRICS_FOLDER_VARIABLE, render
from app.observability.metrics import Metrics

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


@pytest.fixture
def registry(monkeypatch) -> CollectorRegistry:
    """The metrics of a process that stands alone, with one request in them."""
    monkeypatch.delenv(METRICS_FOLDER_VARIABLE, raising=False)
    metrics = Metrics(CollectorRegistry())
    metrics.request_finished("/health", "", "", 200, 0.1)
    metrics.model_loaded("topic", 1, "onnx")
    metrics.flush()
    return metrics.registry


@pytest.mark.parametrize("accept", ["", "text/plain", "*/*", "nonsense"])
def test_text_unless_something_else_is_asked_for(registry, accept):
    text, media_type = render(registry, accept)
    assert media_type.startswith("text/plain; version=")
    assert "horngate_requests_total" in {
        sample.name for family in read_text(text.decode()) for sample in family.samples
    }


@pytest.mark.parametrize("accept", [OPENMETRICS, f"{OPENMETRICS};q=0.8, text/plain;q=0.5"])
def test_openmetrics_where_it_is_asked_for(registry, accept):
    text, media_type = render(registry, accept)
    assert media_type.startswith("application/openmetrics-text")
    assert text.endswith(b"# EOF\n")
    assert "horngate_requests" in {family.name for family in read_openmetrics(text.decode())}


WORKER = """
import sys
from prometheus_client import CollectorRegistry
from app.observability.exposition import render
from app.observability.metrics import Metrics
from app.types import Timing

metrics = Metrics(CollectorRegistry())
metrics.request_finished("/predict/{model}", "topic", "1", 200, 0.1)
metrics.model_loaded("topic", 1, "onnx")
metrics.set_ready(ready=True)
observed = metrics.observe_model("topic", 1)
observed.queue_changed(2)
observed.answered(Timing(), ["World"])
observed.cells_served(100, int(sys.argv[2]))
metrics.flush()
print("written", flush=True)
if sys.stdin.readline() == "render\\n":
    sys.stdout.write(render(metrics.registry, sys.argv[1])[0].decode())
"""


def samples(text: str) -> dict[str, float]:
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in read_text(text)
        for sample in family.samples
    }


@pytest.fixture
def worker(tmp_path):
    """Starts worker processes that share a folder, each with the same metrics in it."""
    environment = {**os.environ, METRICS_FOLDER_VARIABLE: str(tmp_path)}
    started = []

    def start(accept: str = "text/plain", padding: int = 0) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, accept, str(padding)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout.readline() == "written\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_any_worker_tells_what_all_of_them_counted(worker):
    others = [worker(), worker()]
    text, _ = worker().communicate("render\n")
    found = samples(text)
    assert found["horngate_requests_total['/predict/{model}', '1', '200', 'topic']"] == 3
    assert found["horngate_predictions_total['1', 'World', 'topic']"] == 3
    assert found["horngate_stage_seconds_count['1', 'infer', 'topic']"] == 3
    assert found["horngate_queue_rows['topic']"] == 6
    assert found["horngate_model_info['1', 'onnx', 'topic']"] == 1
    assert found["horngate_ready[]"] == 1
    assert all(other.poll() is None for other in others)


def test_the_padding_ratio_is_that_of_all_workers_and_not_a_sum_of_ratios(worker):
    worker(padding=30)
    dead = worker(padding=60)
    dead.kill()
    dead.communicate()
    text, _ = worker(padding=0).communicate("render\n")
    assert samples(text)["horngate_padding_ratio['1', 'topic']"] == 0.3


def test_what_a_dead_worker_counted_stays_and_what_it_held_is_forgotten(worker, tmp_path):
    dead = worker()
    dead.kill()
    dead.communicate()
    text, _ = worker().communicate("render\n")
    found = samples(text)
    assert found["horngate_requests_total['/predict/{model}', '1', '200', 'topic']"] == 2
    assert found["horngate_queue_rows['topic']"] == 2
    assert not list(tmp_path.glob(f"gauge_live*_{dead.pid}.db"))
    assert list(tmp_path.glob(f"counter_{dead.pid}.db"))


def test_several_workers_speak_openmetrics_too(worker):
    worker()
    text, _ = worker(OPENMETRICS).communicate("render\n")
    assert {family.name for family in read_openmetrics(text)} >= {"horngate_requests", "horngate_ready"}


def test_a_process_of_several_reads_the_folder_that_the_environment_names(worker, tmp_path, monkeypatch):
    dead = worker()
    dead.kill()
    dead.communicate()
    alive = worker()
    monkeypatch.setenv(METRICS_FOLDER_VARIABLE, str(tmp_path))
    text, media_type = render(CollectorRegistry(), "text/plain")
    assert media_type.startswith("text/plain")
    assert samples(text.decode())["horngate_queue_rows['topic']"] == 2
    assert alive.poll() is None
