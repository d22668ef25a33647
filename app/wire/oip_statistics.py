"""The statistics of the models, in the field names of Triton's extension.

After triton-inference-server/server, docs/protocol/extension_statistics.md. Plain values: HTTP writes them as they are,
gRPC parses them into its messages.
"""

from collections.abc import Iterable
from typing import Any

from app.types import Duration, ModelStatistics


def statistics_object(versions: Iterable[ModelStatistics]) -> dict[str, Any]:
    """The statistics of these versions."""
    return {"model_stats": [_version(version) for version in versions]}


def _version(statistics: ModelStatistics) -> dict[str, Any]:
    """One version's statistics; its batches' sizes are in the metric `horngate_batch_rows`, in buckets."""
    stages = statistics.stages
    return {
        "name": statistics.name,
        "version": statistics.version,
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
