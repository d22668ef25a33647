"""`GET /v1/models/{model}` and `…/metadata`: a model's versions with their states, and its signature."""

from pydantic_core import to_json
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.errors import InputInvalid
from app.http.dialect import answered
from app.http.middleware import UNMATCHED
from app.http.record import record_of
from app.http.tfs.naming import Named, find_model, route_of, told_by, version_of
from app.http.tfs.refusals import TFS, malformed
from app.lifecycle.registry import Registry
from app.lifecycle.version_states import states_of
from app.wire.tf_status import metadata_object, status_object

MODELS = "/v1/models"


class ModelsEndpoint:
    """Plain ASGI for everything below `/v1` that asks for no inference."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        record = record_of(scope)
        method, path = scope["method"], scope["path"]
        named = told_by(path) if method == "GET" else None
        if named is not None:
            record.route = route_of(named)
            response = await answered(self._tell(named), record, TFS)
        elif method == "GET" and path.lower() == MODELS:
            record.route = MODELS
            response = await answered(self._miss(), record, TFS)
        else:
            record.route = UNMATCHED
            response = malformed(method, path).response()
        await response(scope, receive, send)

    async def _tell(self, named: Named) -> Response:
        """The states of a model's versions, or its metadata; raises `ModelNotFound`, `NotReady` and `InputInvalid`."""
        if "method" in named:
            model = find_model(self._registry, named)
            told = metadata_object(model.name, model.version, model.signature)
        else:
            told = status_object(states_of(self._registry, named["model"], version_of(self._registry, named)))
        return Response(to_json(told), media_type="application/json")

    async def _miss(self) -> Response:
        """Nothing: TensorFlow Serving tells of one model at a time; raises `InputInvalid`."""
        served = ", ".join(self._registry.names()) or "none"
        raise InputInvalid.at("", f"a model's name in the path, of those that are served: {served}", "none")
