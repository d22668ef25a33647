"""What each model version has done since the start, over all workers: read from the metrics, so that both agree."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from prometheus_client import CollectorRegistry, Metric

from app.observability.exposition import whole
from app.observability.metrics import Metrics
from app.types import Duration, ModelStatistics

STAGES = ("preprocess", "queue", "infer", "postprocess")


async def statistics_of(metrics: Metrics, models: Sequence[tuple[str, int]]) -> list[ModelStatistics]:
    """The statistics of these versions, each a model's name and a version, in their order; read on a thread."""
    metrics.flush()
    versions = [(name, str(version)) for name, version in models]
    return await asyncio.to_thread(read_statistics, metrics.registry, versions)


def read_statistics(registry: CollectorRegistry, versions: Iterable[tuple[str, str]]) -> list[ModelStatistics]:
    """The statistics of these versions, each a model's name and a version, in their order.

    With several workers it reads all their files: call it on a thread.
    """
    sums: defaultdict[tuple[str, str], defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for version, what, value in _figures(whole(registry).collect()):
        sums[version][what] += value
    return [_statistics(*version, sums[version]) for version in versions]


def _figures(families: Iterable[Metric]) -> Iterable[tuple[tuple[str, str], str, float]]:
    """The samples that tell of a version: which, what they tell, and their value."""
    for family in families:
        for sample in family.samples:
            labels = sample.labels
            if not labels.get("version"):
                continue
            what = sample.name.removeprefix("horngate_") + labels.get("stage", "")
            if what == "requests_total" and not labels["code"].startswith("2"):
                what = "failed_total"
            if "le" not in labels:
                yield (labels["model"], labels["version"]), what, sample.value


def _statistics(name: str, version: str, figures: Mapping[str, float]) -> ModelStatistics:
    """One version's figures by their names."""

    def duration(count: str, *seconds: str) -> Duration:
        return Duration(int(figures.get(count, 0)), sum(figures.get(name, 0.0) for name in seconds))

    stages = {stage: duration(f"stage_seconds_count{stage}", f"stage_seconds_sum{stage}") for stage in STAGES}
    return ModelStatistics(
        name,
        version,
        answered=Duration(stages["infer"].count, sum(stage.seconds for stage in stages.values())),
        failed=duration("failed_total", "failed_seconds_total"),
        stages=stages,
        rows=int(figures.get("batch_rows_sum", 0)),
        batches=int(figures.get("batch_rows_count", 0)),
        last_answer_seconds=figures.get("last_answer_timestamp_seconds", 0.0),
    )
