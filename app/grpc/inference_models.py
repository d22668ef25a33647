"""What `inference.GRPCInferenceService` tells of the server and its models: readiness, metadata, configuration."""

from collections.abc import Mapping

from google.protobuf.json_format import ParseDict

from app.errors import ModelNotFound, NotReady
from app.grpc.call import Call
from app.grpc.inference import Models, version_of
from app.grpc.methods import Unary
from app.lifecycle.readiness import Readiness
from app.wire.oip_metadata import model_config, model_metadata, server_metadata
from app.wire.protos import inference_pb2 as oip


class ModelsService:
    """The methods that ask for nothing to be computed."""

    def __init__(self, models: Models, readiness: Readiness) -> None:
        self._models = models
        self._readiness = readiness

    def unary(self) -> Mapping[str, Unary]:
        """The methods by name."""
        return {
            "ServerLive": self.server_live,
            "ServerReady": self.server_ready,
            "ServerMetadata": self.server_metadata,
            "ModelReady": self.model_ready,
            "ModelMetadata": self.model_metadata,
            "ModelConfig": self.model_config,
        }

    async def server_live(self, _request: oip.ServerLiveRequest, _call: Call) -> oip.ServerLiveResponse:
        """True: the process answers at all."""
        return oip.ServerLiveResponse(live=True)

    async def server_ready(self, _request: oip.ServerReadyRequest, _call: Call) -> oip.ServerReadyResponse:
        """True while requests should be sent here."""
        return oip.ServerReadyResponse(ready=not self._readiness.missing())

    async def server_metadata(self, _request: oip.ServerMetadataRequest, _call: Call) -> oip.ServerMetadataResponse:
        """The server's name, version and extensions."""
        return ParseDict(server_metadata(), oip.ServerMetadataResponse())

    async def model_ready(self, request: oip.ModelReadyRequest, call: Call) -> oip.ModelReadyResponse:
        """True while the model answers; false, as Triton has it, for one that is not there."""
        try:
            self._models.find(call, request.name, version_of(request.version))
        except (ModelNotFound, NotReady):
            return oip.ModelReadyResponse(ready=False)
        return oip.ModelReadyResponse(ready=not self._readiness.is_draining)

    async def model_metadata(self, request: oip.ModelMetadataRequest, call: Call) -> oip.ModelMetadataResponse:
        """A model's inputs and outputs; all its versions where the request names none."""
        model = self._models.find(call, request.name, version_of(request.version))
        versions = [model] if request.version else self._models.registry.versions(model.name)
        numbers = [served.version for served in versions]
        metadata = model_metadata(model.name, numbers, model.running.runtime, model.signature)
        return ParseDict(metadata, oip.ModelMetadataResponse())

    async def model_config(self, request: oip.ModelConfigRequest, call: Call) -> oip.ModelConfigResponse:
        """A model's configuration."""
        model = self._models.find(call, request.name, version_of(request.version))
        config = model_config(model.name, model.version, model.signature, model.running)
        return ParseDict({"config": config}, oip.ModelConfigResponse())
