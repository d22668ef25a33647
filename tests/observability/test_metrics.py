"""Everything that Prometheus can ask."""

import math
import time

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase

from app.inference.batcher import Batcher
from app.inference.pool import Pool
from app.inference.runtimes.fake import FakeRuntime
from app.inference.sizing import Sizing
from app.observability.metrics import Metrics
from app.types import Timing

CONTRACT = {
    "horngate_requests_total": {"route", "model", "version", "code"},
    "horngate_request_seconds": {"route"},
    "horngate_model_request_seconds": {"model", "version"},
    "horngate_failed_seconds_total": {"model", "version"},
    "horngate_last_answer_timestamp_seconds": {"model", "version"},
    "horngate_stage_seconds": {"model", "version", "stage"},
    "horngate_batch_rows": {"model", "version"},
    "horngate_queue_rows": {"model"},
    "horngate_cells_total": {"model", "version"},
    "horngate_padding_cells_total": {"model", "version"},
    "horngate_padding_ratio": {"model", "version"},
    "horngate_rejected_total": {"model", "reason"},
    "horngate_predictions_total": {"model", "version", "label"},
    "horngate_model_info": {"model", "version", "runtime"},
    "horngate_model_loads_total": {"model", "outcome"},
    "horngate_ready": set(),
}


@pytest.fixture
def metrics() -> Metrics:
    """Metrics in a registry of their own."""
    return Metrics(CollectorRegistry())


def value(metrics, name: str, **labels: str) -> float | None:
    metrics.flush()
    return metrics.registry.get_sample_value(name, labels)


def series(metrics) -> int:
    metrics.flush()
    return sum(len(family.samples) for family in metrics.registry.collect())


def test_names_and_labels_are_those_of_the_contract(metrics):
    metrics.request_finished("/predict/{model}", "topic", "1", 200, 0.1)
    metrics.request_finished("/predict/{model}", "topic", "1", 422, 0.1)
    metrics.model_loaded("topic", 1, "onnx")
    metrics.set_ready(ready=True)
    observed = metrics.observe_model("topic", 1)
    observed.answered(Timing(), ["World"])
    observed.batch_ran(1)
    observed.rejected("queue_full")
    observed.cells_served(100, 25)
    metrics.flush()
    found = {}
    for family in metrics.registry.collect():
        for sample in family.samples:
            name = sample.name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count")
            if not name.endswith("_created"):
                found.setdefault(name, set()).update(sample.labels.keys() - {"le"})
    assert found == CONTRACT


def test_every_metric_says_what_it_is(metrics):
    assert all(family.documentation for family in metrics.registry.collect())


def test_requests_are_counted_and_timed_by_their_route(metrics):
    for code in (200, 200, 422):
        metrics.request_finished("/predict/{model}", "topic", "1", code, 0.25)
    labels = {"route": "/predict/{model}", "model": "topic", "version": "1"}
    assert value(metrics, "horngate_requests_total", **labels, code="200") == 2
    assert value(metrics, "horngate_requests_total", **labels, code="422") == 1
    assert value(metrics, "horngate_request_seconds_count", route="/predict/{model}") == 3
    assert value(metrics, "horngate_request_seconds_sum", route="/predict/{model}") == 0.75
    assert value(metrics, "horngate_failed_seconds_total", model="topic", version="1") == 0.25
    assert value(metrics, "horngate_model_request_seconds_count", model="topic", version="1") == 3
    assert value(metrics, "horngate_model_request_seconds_sum", model="topic", version="1") == 0.75


def test_the_time_of_a_request_that_names_no_model_is_nobodys(metrics):
    metrics.request_finished("unmatched", "", "", 404, 0.25)
    assert value(metrics, "horngate_failed_seconds_total", model="", version="") is None
    assert value(metrics, "horngate_model_request_seconds_count", model="", version="") is None


def test_a_versions_last_answer_has_its_time(metrics):
    observed = metrics.observe_model("topic", 1)
    labels = {"model": "topic", "version": "1"}
    assert value(metrics, "horngate_last_answer_timestamp_seconds", **labels) == 0
    before = time.time()
    observed.answered(Timing(), [])
    assert before <= value(metrics, "horngate_last_answer_timestamp_seconds", **labels) <= time.time()


def test_unknown_names_add_no_series(metrics):
    metrics.request_finished("unknown", "", "", 404, 0.1)
    before = series(metrics)
    for _ in range(50):
        metrics.request_finished("unknown", "", "", 404, 0.1)
    assert series(metrics) == before


def test_a_series_is_looked_up_once(metrics, monkeypatch):
    observed = metrics.observe_model("topic", 1)
    looked_up = []
    look_up = MetricWrapperBase.labels
    monkeypatch.setattr(MetricWrapperBase, "labels", lambda *names: looked_up.append(names[1:]) or look_up(*names))
    for _ in range(3):
        observed.answered(Timing(), ["World", "World"])
        observed.batch_ran(1)
        observed.queue_changed(1)
        metrics.request_finished("/x", "topic", "1", 200, 0.1)
    once = [("/x",), ("/x", "topic", "1", "200"), ("topic", "1"), ("topic", "1", "World")]
    assert sorted(looked_up) == once


def test_what_is_turned_away_is_counted_by_its_reason(metrics):
    for reason in ("queue_full", "queue_full", "deadline_exceeded"):
        metrics.observe_model("topic", 1).rejected(reason)
    assert value(metrics, "horngate_rejected_total", model="topic", reason="queue_full") == 2
    assert value(metrics, "horngate_rejected_total", model="topic", reason="deadline_exceeded") == 1


def test_stages_are_in_seconds(metrics):
    metrics.observe_model("topic", 2).answered(Timing(0.001, 0.002, 0.004, 0.008), [])
    for stage, seconds in (("preprocess", 0.001), ("queue", 0.002), ("infer", 0.004), ("postprocess", 0.008)):
        labels = {"model": "topic", "version": "2", "stage": stage}
        assert value(metrics, "horngate_stage_seconds_sum", **labels) == pytest.approx(seconds)
        assert value(metrics, "horngate_stage_seconds_count", **labels) == 1


def test_predictions_are_counted_by_their_class(metrics):
    observed = metrics.observe_model("topic", 1)
    observed.answered(Timing(), ["World", "Sports"])
    observed.answered(Timing(), ["World"])
    assert value(metrics, "horngate_predictions_total", model="topic", version="1", label="World") == 2
    assert value(metrics, "horngate_predictions_total", model="topic", version="1", label="Sports") == 1


def test_batches_are_counted_by_their_rows(metrics):
    observed = metrics.observe_model("topic", 1)
    for rows in (1, 3, 4):
        observed.batch_ran(rows)
    labels = {"model": "topic", "version": "1"}
    assert value(metrics, "horngate_batch_rows_sum", **labels) == 8
    assert value(metrics, "horngate_batch_rows_bucket", **labels, le="2.0") == 1
    assert value(metrics, "horngate_batch_rows_bucket", **labels, le="4.0") == 3


def test_the_padding_ratio_is_that_of_everything_served(metrics):
    observed = metrics.observe_model("topic", 1)
    labels = {"model": "topic", "version": "1"}
    assert value(metrics, "horngate_padding_ratio", **labels) is None
    observed.cells_served(100, 50)
    observed.cells_served(300, 0)
    assert value(metrics, "horngate_cells_total", **labels) == 400
    assert value(metrics, "horngate_padding_cells_total", **labels) == 50
    assert value(metrics, "horngate_padding_ratio", **labels) == 0.125


def test_versions_of_one_model_share_the_queue(metrics):
    first, second = metrics.observe_model("topic", 1), metrics.observe_model("topic", 2)
    first.queue_changed(3)
    second.queue_changed(4)
    assert value(metrics, "horngate_queue_rows", model="topic") == 7
    first.queue_changed(3)
    first.queue_changed(0)
    assert value(metrics, "horngate_queue_rows", model="topic") == 4
    second.queue_changed(0)
    assert value(metrics, "horngate_queue_rows", model="topic") == 0


async def test_the_queue_is_empty_when_every_caller_has_its_answer(metrics, doubling):
    pool = Pool([FakeRuntime(doubling.signature, doubling.answer)])
    observed = metrics.observe_model("doubling", 1)
    batcher = Batcher(pool, doubling.signature, observed, sizing=Sizing(2, seconds={2: 1e-6}), max_queue_rows=9)
    await batcher.run(doubling.request(1, 2, 3, 4, 5), 30)
    assert value(metrics, "horngate_queue_rows", model="doubling") == 0
    assert value(metrics, "horngate_batch_rows_sum", model="doubling", version="1") == 5
    pool.close()


def test_loads_are_counted_by_their_outcome(metrics):
    metrics.model_loaded("topic", 3, "onnx")
    metrics.model_failed("topic")
    metrics.model_failed("topic")
    assert value(metrics, "horngate_model_loads_total", model="topic", outcome="success") == 1
    assert value(metrics, "horngate_model_loads_total", model="topic", outcome="failure") == 2
    assert value(metrics, "horngate_model_info", model="topic", version="3", runtime="onnx") == 1


def test_ready_is_one_or_zero(metrics):
    assert value(metrics, "horngate_ready") == 0
    metrics.set_ready(ready=True)
    assert value(metrics, "horngate_ready") == 1
    metrics.set_ready(ready=False)
    assert value(metrics, "horngate_ready") == 0


def test_the_slowest_request_has_a_bucket(metrics):
    metrics.request_finished("/x", "", "", 200, 1e6)
    assert value(metrics, "horngate_request_seconds_bucket", route="/x", le="+Inf") == 1
    assert math.isfinite(value(metrics, "horngate_request_seconds_sum", route="/x"))
