"""`tensorflow.serving.ModelService`: which versions are there, in TensorFlow Serving's words."""

from collections.abc import Mapping

from app.grpc.call import Call
from app.grpc.methods import Unary
from app.grpc.status import Unimplemented
from app.lifecycle.registry import Registry
from app.lifecycle.version_states import states_of
from app.wire.protos import tensorflow_serving_pb2 as serving
from app.wire.tf_status import status_response

SERVICE = "tensorflow.serving.ModelService"


class ModelService:
    """Answers `GetModelStatus`; what is served is what lies in the models folder, which no call changes."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def unary(self) -> Mapping[str, Unary]:
        """The methods by name."""
        return {"GetModelStatus": self.get_model_status, "HandleReloadConfigRequest": self.reload_config}

    async def get_model_status(
        self, request: serving.GetModelStatusRequest, _call: Call
    ) -> serving.GetModelStatusResponse:
        """Every version of a model, or the one that is named: AVAILABLE, or END with why it could not be loaded.

        Raises `ModelNotFound` and `NotReady`.
        """
        spec = request.model_spec
        choice = spec.WhichOneof("version_choice")
        version = spec.version.value if choice == "version" else None
        if choice == "version_label":
            version = self._registry.resolve(spec.name, label=spec.version_label).version
        return status_response(states_of(self._registry, spec.name, version))

    async def reload_config(self, _request: serving.ReloadConfigRequest, _call: Call) -> serving.ReloadConfigResponse:
        """Which models are served is no call's business."""
        raise Unimplemented("the models folder says what is served; change it and start the server again")
