"""`ModelStatistics` of `inference.GRPCInferenceService`: what the models have done since the start, in Triton's words.

After triton-inference-server/server, docs/protocol/extension_statistics.md.
"""

from collections.abc import Mapping

from app.grpc.call import Call
from app.grpc.inference import Models, version_of
from app.grpc.methods import Unary
from app.observability.metrics import Metrics
from app.observability.statistics import Duration, ModelStatistics, statistics_of
from app.wire.protos import inference_pb2 as oip


class StatisticsService:
    """The statistics of every served version, over all workers."""

    def __init__(self, models: Models, metrics: Metrics) -> None:
        self._models = models
        self._metrics = metrics

    def unary(self) -> Mapping[str, Unary]:
        """The one method."""
        return {"ModelStatistics": self.model_statistics}

    async def model_statistics(self, request: oip.ModelStatisticsRequest, call: Call) -> oip.ModelStatisticsResponse:
        """Those of one version, of all versions of a model, or of all models; raises `ModelNotFound`."""
        models = list(self._models.registry)
        if request.name:
            model = self._models.find(call, request.name, version_of(request.version))
            models = [model] if request.version else self._models.registry.versions(model.name)
        versions = [(model.name, model.version) for model in models]
        found = await statistics_of(self._metrics, versions)
        told = [_told(*version, one) for version, one in zip(versions, found, strict=True)]
        return oip.ModelStatisticsResponse(model_stats=told)


def _told(name: str, version: int, statistics: ModelStatistics) -> oip.ModelStatistics:
    """One version's statistics."""
    stages = statistics.stages
    return oip.ModelStatistics(
        name=name,
        version=str(version),
        last_inference=round(1000 * statistics.last_answer_seconds),
        inference_count=statistics.rows,
        execution_count=statistics.batches,
        inference_stats=oip.InferStatistics(
            success=_duration(statistics.answered),
            fail=_duration(statistics.failed),
            queue=_duration(stages["queue"]),
            compute_input=_duration(stages["preprocess"]),
            compute_infer=_duration(stages["infer"]),
            compute_output=_duration(stages["postprocess"]),
        ),
    )


def _duration(duration: Duration) -> oip.StatisticDuration:
    """A count and its nanoseconds."""
    return oip.StatisticDuration(count=duration.count, ns=round(1e9 * duration.seconds))
