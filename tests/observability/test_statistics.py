"""Statistics say what the metrics say."""

import pytest
from prometheus_client import CollectorRegistry

from app.observability.metrics import Metrics
from app.observability.statistics import read_statistics
from app.types import Duration, Timing


@pytest.fixture
def metrics() -> Metrics:
    metrics = Metrics(CollectorRegistry())
    observed = metrics.observe_model("topic", 1)
    for _ in range(2):
        observed.answered(Timing(0.25, 0.5, 1.0, 2.0), ["World"])
    observed.batch_ran(3)
    observed.batch_ran(4)
    for code, seconds in ((200, 1.0), (422, 0.25), (499, 0.5)):
        metrics.request_finished("/predict/{model}", "topic", "1", code, seconds)
    metrics.request_finished("/v2/models/{model}/infer", "topic", "1", 400, 0.25)
    metrics.request_finished("/predict/{model}", "topic", "2", 500, 8.0)
    metrics.request_finished("unmatched", "", "", 404, 8.0)
    metrics.flush()
    return metrics


def test_each_version_has_its_own_and_in_the_order_of_the_question(metrics: Metrics) -> None:
    second, first = read_statistics(metrics.registry, [("topic", "2"), ("topic", "1")])
    assert (second.failed, second.answered, second.rows) == (Duration(1, 8.0), Duration(0, 0.0), 0)
    assert (first.rows, first.batches) == (7, 2)
    assert first.answered == Duration(2, 7.5)
    assert first.stages == {
        "preprocess": Duration(2, 0.5),
        "queue": Duration(2, 1.0),
        "infer": Duration(2, 2.0),
        "postprocess": Duration(2, 4.0),
    }


def test_failures_are_counted_over_all_routes(metrics: Metrics) -> None:
    [statistics] = read_statistics(metrics.registry, [("topic", "1")])
    assert statistics.failed == Duration(3, 1.0)


def test_a_version_that_did_nothing_has_nothing(metrics: Metrics) -> None:
    [statistics] = read_statistics(metrics.registry, [("digit", "1")])
    assert (statistics.answered, statistics.failed, statistics.last_answer_seconds) == (
        Duration(0, 0.0),
        Duration(0, 0.0),
        0.0,
    )
