"""The model repository: what lies there can be listed; models are loaded when the server starts."""

from starlette.requests import Request
from starlette.responses import Response

from app.errors import InputInvalid
from app.http.oip.answering import answer, asked_in
from app.http.oip.refusals import Unsupported
from app.lifecycle.registry import Registry
from app.wire.oip_metadata import index_entry

RESTART = "models are loaded when the server starts: change the models folder and start it again"


class Repository:
    """The index over one registry, and what remains of load and unload where each worker loads for itself."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    async def index(self, request: Request) -> Response:
        """Every version that is served, and every folder that cannot be, with the reason; `ready` leaves those out."""
        asked = await asked_in(request)
        only_ready = asked.get("ready", False)
        if not isinstance(only_ready, bool):
            raise InputInvalid.at("/ready", "true or false", type(only_ready).__name__)
        entries = [index_entry(model.name, str(model.version)) for model in self._registry]
        for failure in () if only_ready else self._registry.failures:
            name, _, version = failure.folder.partition("/")
            entries.append(index_entry(name, version, failure.reason))
        return answer(entries)

    async def load(self, request: Request) -> Response:
        """200 for a model that is served, for nothing is left to do; raises `ModelNotFound` and `Unsupported`."""
        if (await asked_in(request)).get("parameters"):
            raise Unsupported(f"expected no configuration and no files; received parameters; {RESTART}")
        self._registry.resolve(request.path_params["model"])
        return Response()

    async def unload(self, request: Request) -> Response:
        """Raises `ModelNotFound`, or else `Unsupported`."""
        await asked_in(request)
        name = self._registry.resolve(request.path_params["model"]).name
        raise Unsupported(f"{name} cannot be unloaded; {RESTART}")
