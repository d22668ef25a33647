"""The OpenAPI document of the server: FastAPI's own for the plain routes, and the paths of each served model.

Predictions and explanations are one route each for all models, below the framework's request machinery; what each model
takes and gives is known once it is loaded. Each has a document of its own too, with the ways of other protocols.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.http.model_openapi.document import components, pins_of, task_operations
from app.lifecycle.registry import Registry


def install_openapi(app: FastAPI, registry: Registry) -> None:
    """Let the application's document show every model that is served when it is asked for."""

    def openapi() -> dict[str, Any]:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        models = [registry.resolve(name) for name in registry.names()]
        paths = {
            path: {"post": operation}
            for model in models
            for path, operation in task_operations(model, pins_of(registry, model.name)).items()
        }
        document["paths"] = {**paths, **document["paths"]}
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(components(document["paths"]))
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI documents
