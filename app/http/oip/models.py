"""What the server and its models are: metadata, readiness, configuration."""

from starlette.requests import Request
from starlette.responses import Response

from app.http.oip.answering import answer
from app.http.oip.naming import find_model
from app.http.oip.toggles import trace_settings
from app.lifecycle.readiness import Readiness
from app.wire.oip_metadata import model_config, model_metadata, server_metadata


class Models:
    """The served models, as the paths name them; raises `ModelNotFound`, `NotReady` and `InputInvalid`."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness
        self._registry = readiness.registry

    async def server(self, request: Request) -> Response:
        """The server's name, version and extensions."""
        del request
        return answer(server_metadata())

    async def metadata(self, request: Request) -> Response:
        """A model's inputs and outputs; all its versions where the path names none."""
        model = find_model(self._registry, request.path_params)
        is_pinned = "version" in request.path_params
        versions = [model] if is_pinned else self._registry.versions(model.name)
        numbers = [served.version for served in versions]
        return answer(model_metadata(model.name, numbers, model.running.runtime, model.signature))

    async def ready(self, request: Request) -> Response:
        """200 while the model answers, 503 while the server drains."""
        model = find_model(self._registry, request.path_params)
        is_ready = not self._readiness.is_draining
        return answer({"name": model.name, "ready": is_ready}, 200 if is_ready else 503)

    async def config(self, request: Request) -> Response:
        """A model's configuration in Triton's field names."""
        model = find_model(self._registry, request.path_params)
        config = model_config(model.name, model.version, model.signature, model.running)
        return answer(config)

    async def trace_settings(self, request: Request) -> Response:
        """The trace settings, which are those of every model."""
        find_model(self._registry, request.path_params)
        return await trace_settings(request)
