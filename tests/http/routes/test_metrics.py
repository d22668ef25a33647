"""What Prometheus scrapes, in both of its formats."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

pytestmark = pytest.mark.asyncio(loop_scope="module")

Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

LABELS = {
    "horngate_requests": {"route", "model", "version", "code"},
    "horngate_request_seconds": {"route"},
    "horngate_model_request_seconds": {"model", "version"},
    "horngate_stage_seconds": {"model", "version", "stage"},
    "horngate_batch_rows": {"model", "version"},
    "horngate_queue_rows": {"model"},
    "horngate_rejected": {"model", "reason"},
    "horngate_cells": {"model", "version"},
    "horngate_padding_cells": {"model", "version"},
    "horngate_padding_ratio": {"model", "version"},
    "horngate_predictions": {"model", "version", "label"},
    "horngate_model_info": {"model", "version", "runtime"},
    "horngate_model_loads": {"model", "outcome"},
    "horngate_ready": set(),
    "horngate_failed_seconds": {"model", "version"},
    "horngate_last_answer_timestamp_seconds": {"model", "version"},
}
"""The contract's metrics and their labels."""


async def test_every_metric_of_the_contract_is_there_with_its_labels_and_no_other(
    serving: Serving, held: object
) -> None:
    async with serving() as client:
        held.serve_in(client.app, max_queue_rows=1)
        await client.post("/predict/held", json={"inputs": [1, 2]}, headers={"X-Request-Timeout-Ms": "30"})
        await client.post("/predict/sentiment", json={"text": "good"})
        families = {family.name: family for family in read_text((await client.get("/metrics")).text)}
        held.release.set()
    assert {name for name in families if name.startswith("horngate_")} - {
        name for name in families if name.endswith("_created")
    } == set(LABELS)
    for name, labels in LABELS.items():
        found = {label for sample in families[name].samples for label in sample.labels} - {"le"}
        assert found == labels, name
        assert families[name].documentation
    assert {sample.labels["stage"] for sample in families["horngate_stage_seconds"].samples} == {
        "preprocess",
        "queue",
        "infer",
        "postprocess",
    }


async def test_openmetrics_where_it_is_asked_for_and_text_elsewhere(client: httpx.AsyncClient) -> None:
    plain = await client.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain; version=")
    assert list(read_text(plain.text))
    wanted = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3"
    modern = await client.get("/metrics", headers={"accept": wanted})
    assert modern.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert modern.text.endswith("# EOF\n")
    assert {family.name for family in read_openmetrics(modern.text)} >= set(LABELS)
