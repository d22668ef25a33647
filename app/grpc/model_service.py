"""`tensorflow.serving.ModelService`: which versions are there, in TensorFlow Serving's words."""

from collections.abc import Mapping

from app.errors import ModelNotFound
from app.grpc.call import Call
from app.grpc.methods import Unary
from app.grpc.status import Unimplemented
from app.lifecycle.registry import Registry
from app.wire.protos import tensorflow_error_pb2 as codes
from app.wire.protos import tensorflow_serving_pb2 as serving

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

        Raises `ModelNotFound`.
        """
        spec = request.model_spec
        choice = spec.WhichOneof("version_choice")
        failed = self._failed(spec.name)
        if choice == "version_label":
            served = [self._registry.resolve(spec.name, label=spec.version_label).version]
            failed = {}
        else:
            served = self._served(spec.name, has_failed=bool(failed))
        statuses = {**failed, **{version: _available(version) for version in served}}
        if choice == "version":
            if spec.version.value not in statuses:
                self._registry.resolve(spec.name, spec.version.value)  # says what there is
            statuses = {spec.version.value: statuses[spec.version.value]}
        ordered = [statuses[version] for version in sorted(statuses, reverse=True)]
        return serving.GetModelStatusResponse(model_version_status=ordered)

    async def reload_config(self, _request: serving.ReloadConfigRequest, _call: Call) -> serving.ReloadConfigResponse:
        """Which models are served is no call's business."""
        raise Unimplemented("the models folder says what is served; change it and start the server again")

    def _served(self, name: str, *, has_failed: bool) -> list[int]:
        """The served versions; raises `ModelNotFound` where there is nothing to tell of the model."""
        try:
            return [model.version for model in self._registry.versions(name)]
        except ModelNotFound:
            if has_failed:
                return []
            raise

    def _failed(self, name: str) -> dict[int, serving.ModelVersionStatus]:
        """The versions of a model that could not be loaded."""
        failed = {}
        for failure in self._registry.failures:
            model, _, version = failure.folder.partition("/")
            if model == name and version.isdecimal():
                status = serving.StatusProto(error_code=codes.UNKNOWN, error_message=failure.reason)
                state = serving.ModelVersionStatus.END
                failed[int(version)] = serving.ModelVersionStatus(version=int(version), state=state, status=status)
        return failed


def _available(version: int) -> serving.ModelVersionStatus:
    """A version that answers."""
    return serving.ModelVersionStatus(
        version=version, state=serving.ModelVersionStatus.AVAILABLE, status=serving.StatusProto(error_code=codes.OK)
    )
