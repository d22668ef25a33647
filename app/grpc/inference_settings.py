"""The repository and the settings of `inference.GRPCInferenceService`: both can be read, and are what they were.

The workers share nothing but files: what a call changed would hold in the one worker that it came to.
"""

import logging
from collections.abc import Mapping
from typing import Any

from app.grpc.call import Call
from app.grpc.methods import Unary
from app.grpc.status import Unimplemented
from app.lifecycle.registry import Registry
from app.wire.oip_metadata import TRACE_SETTINGS, index_entry, log_settings
from app.wire.protos import inference_pb2 as oip

RESTART = "models are loaded when the server starts: change the models folder and start it again"
UNTRACED = "nothing is traced; the metrics tell where time goes"
LEVEL = "the log's level is set with HORNGATE_LOG_LEVEL when the server starts"


class SettingsService:
    """The methods over one registry."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def unary(self) -> Mapping[str, Unary]:
        """The methods by name."""
        return {
            "RepositoryIndex": self.repository_index,
            "RepositoryModelLoad": self.repository_model_load,
            "RepositoryModelUnload": self.repository_model_unload,
            "TraceSetting": self.trace_setting,
            "LogSettings": self.log_settings,
        }

    async def repository_index(self, request: oip.RepositoryIndexRequest, _call: Call) -> oip.RepositoryIndexResponse:
        """Every version that is served, and every folder that cannot be, with the reason; `ready` leaves those out."""
        entries = [index_entry(model.name, str(model.version)) for model in self._registry]
        for failure in () if request.ready else self._registry.failures:
            name, _, version = failure.folder.partition("/")
            entries.append(index_entry(name, version, failure.reason))
        models = [oip.RepositoryIndexResponse.ModelIndex(**entry) for entry in entries]
        return oip.RepositoryIndexResponse(models=models)

    async def repository_model_load(
        self, request: oip.RepositoryModelLoadRequest, _call: Call
    ) -> oip.RepositoryModelLoadResponse:
        """Nothing is left to do for a model that is served; raises `ModelNotFound` and `Unimplemented`."""
        if request.parameters:
            raise Unimplemented(f"expected no configuration and no files; received parameters; {RESTART}")
        self._registry.resolve(request.model_name)
        return oip.RepositoryModelLoadResponse()

    async def repository_model_unload(
        self, request: oip.RepositoryModelUnloadRequest, _call: Call
    ) -> oip.RepositoryModelUnloadResponse:
        """Raises `ModelNotFound`, or else `Unimplemented`."""
        name = self._registry.resolve(request.model_name).name
        raise Unimplemented(f"{name} cannot be unloaded; {RESTART}")

    async def trace_setting(self, request: oip.TraceSettingRequest, _call: Call) -> oip.TraceSettingResponse:
        """Nothing is traced; raises `Unimplemented` for a call to trace something, and `ModelNotFound`."""
        if request.model_name:
            self._registry.resolve(request.model_name)
        asked = {name: list(setting.value) for name, setting in request.settings.items()}
        _expect_unchanged({name: value for name, value in asked.items() if value}, TRACE_SETTINGS, UNTRACED)
        response = oip.TraceSettingResponse()
        for name, value in TRACE_SETTINGS.items():
            response.settings[name].value.extend(value)
        return response

    async def log_settings(self, request: oip.LogSettingsRequest, _call: Call) -> oip.LogSettingsResponse:
        """What is logged; raises `Unimplemented` for a call to log something else."""
        settings = log_settings(logging.getLogger().getEffectiveLevel())
        asked = {name: (value, value.WhichOneof("parameter_choice")) for name, value in request.settings.items()}
        given = {name: getattr(value, field) for name, (value, field) in asked.items() if field}
        _expect_unchanged(given, settings, LEVEL)
        response = oip.LogSettingsResponse()
        for name, value in settings.items():
            setattr(response.settings[name], _field_of(value), value)
        return response


def _expect_unchanged(asked: Mapping[str, Any], settings: Mapping[str, Any], why: str) -> None:
    """Raise `Unimplemented` where other values are asked for than those that hold."""
    for name, value in asked.items():
        if settings.get(name) != value:
            raise Unimplemented(f"{name[:64]}: expected the setting as it is; received another value; {why}")


def _field_of(value: bool | int | str) -> str:
    """The field of a `SettingValue` that holds this value."""
    if isinstance(value, bool):
        return "bool_param"
    return "string_param" if isinstance(value, str) else "uint32_param"
