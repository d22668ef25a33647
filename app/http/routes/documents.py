"""The API's description, model by model: a document of each model and version."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic_core import to_json

from app.http.model_openapi.document import model_document
from app.http.problems import described
from app.lifecycle.registry import Registry

MODEL_DOCUMENT = "/models/{name}/openapi.json"
VERSION_DOCUMENT = "/models/{name}/versions/{version}/openapi.json"


def documents_router(registry: Registry) -> APIRouter:
    """The routes over one registry."""
    router = APIRouter(tags=["models"])

    @router.get(
        MODEL_DOCUMENT, summary="How to ask one model", response_class=JSONResponse, responses=described(404, 503)
    )
    async def of_model(name: str) -> Response:
        return _written(model_document(registry, registry.resolve(name), is_pinned=False))

    @router.get(
        VERSION_DOCUMENT,
        summary="How to ask one version",
        response_class=JSONResponse,
        responses=described(404, 422, 503),
    )
    async def of_version(name: str, version: int) -> Response:
        return _written(model_document(registry, registry.resolve(name, version), is_pinned=True))

    return router


def _written(document: dict[str, Any]) -> Response:
    """A document as it goes out; the framework would walk through its examples, number by number."""
    return Response(to_json(document), media_type="application/json")
