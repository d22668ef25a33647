"""The statistics of the models, over all workers."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from app.http.oip.answering import answer
from app.http.oip.naming import find_model
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel
from app.observability.metrics import Metrics
from app.observability.statistics import statistics_of
from app.wire.oip_statistics import statistics_object


class Statistics:
    """What the models have done since the start, all workers together."""

    def __init__(self, registry: Registry, metrics: Metrics) -> None:
        self._registry = registry
        self._metrics = metrics

    async def every_model(self, request: Request) -> Response:
        """The statistics of every served version."""
        del request
        return await self._of(list(self._registry))

    async def one_model(self, request: Request) -> Response:
        """Those of one version, or of all versions of a model where the path names none."""
        model = find_model(self._registry, request.path_params)
        is_pinned = "version" in request.path_params
        return await self._of([model] if is_pinned else self._registry.versions(model.name))

    async def _of(self, models: Sequence[ServedModel]) -> Response:
        """The statistics of these versions; they lie in files that all workers write."""
        versions = [(model.name, model.version) for model in models]
        found = await statistics_of(self._metrics, versions)
        return answer(statistics_object(found))
