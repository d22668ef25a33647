"""Every route of TensorFlow Serving's REST, in whatever case its path is written."""

import re

from starlette.routing import Route

from app.http.tfs.models import ModelsEndpoint
from app.lifecycle.registry import Registry


def tfs_routes(registry: Registry) -> list[Route]:
    """The routes of everything below `/v1` but predictions, which a hot endpoint claims before any route."""
    endpoint = ModelsEndpoint(registry)
    routes = [Route(path, endpoint, include_in_schema=False) for path in ("/v1", "/v1/{rest:path}")]
    for route in routes:
        route.path_regex = re.compile(route.path_regex.pattern, re.IGNORECASE)
    return routes
