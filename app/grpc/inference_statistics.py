"""`ModelStatistics` of `inference.GRPCInferenceService`: what the models have done since the start."""

from collections.abc import Mapping

from google.protobuf.json_format import ParseDict

from app.grpc.call import Call
from app.grpc.inference import Models, version_of
from app.grpc.methods import Unary
from app.observability.metrics import Metrics
from app.observability.statistics import statistics_of
from app.wire.oip_statistics import statistics_object
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
        return ParseDict(statistics_object(found), oip.ModelStatisticsResponse())
