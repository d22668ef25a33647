"""The statistics of the models, in the field names of Triton's extension.

After triton-inference-server/server, docs/protocol/extension_statistics.md.
"""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.http.oip.answering import answer
from app.http.oip.naming import find_model
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel
from app.observability.metrics import Metrics
from app.observability.statistics import Duration, ModelStatistics, statistics_of


class Statistics:
    """What the models have done since the start, all workers together."""

    def __init__(self, registry: Registry, metrics: Metrics) -> None:
        self._registry = registry
        self._metrics = metrics

    async def every_model(self, request: Request) -> Response:
        """The statistics of every served version."""
        del request
        return await self._of(list(self._registry))

    async def one_model(self, request: Request) -> Response:
        """Those of one version, or of all versions of a model where the path names none."""
        model = find_model(self._registry, request.path_params)
        is_pinned = "version" in request.path_params
        return await self._of([model] if is_pinned else self._registry.versions(model.name))

    async def _of(self, models: Sequence[ServedModel]) -> Response:
        """The statistics of these versions; they lie in files that all workers write."""
        versions = [(model.name, model.version) for model in models]
        found = await statistics_of(self._metrics, versions)
        return answer({"model_stats": [_told(*version, one) for version, one in zip(versions, found, strict=True)]})


def _told(name: str, version: int, statistics: ModelStatistics) -> dict[str, Any]:
    """One version's statistics; its batches' sizes are in the metric `horngate_batch_rows`, in buckets."""
    stages = statistics.stages
    return {
        "name": name,
        "version": str(version),
        "last_inference": round(1000 * statistics.last_answer_seconds),
        "inference_count": statistics.rows,
        "execution_count": statistics.batches,
        "inference_stats": {
            "success": _duration(statistics.answered),
            "fail": _duration(statistics.failed),
            "queue": _duration(stages["queue"]),
            "compute_input": _duration(stages["preprocess"]),
            "compute_infer": _duration(stages["infer"]),
            "compute_output": _duration(stages["postprocess"]),
            "cache_hit": _duration(Duration(0, 0.0)),
            "cache_miss": _duration(Duration(0, 0.0)),
        },
        "batch_stats": [],
    }


def _duration(duration: Duration) -> dict[str, int]:
    """A count and its nanoseconds."""
    return {"count": duration.count, "ns": round(1e9 * duration.seconds)}
