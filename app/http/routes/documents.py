"""The API's description: one document of each model and version, and the page that shows them all."""

import json
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic_core import to_json

from app.http.model_openapi.document import model_document
from app.http.problems import described
from app.lifecycle.registry import Registry

MODEL_DOCUMENT = "/models/{name}/openapi.json"
VERSION_DOCUMENT = "/models/{name}/versions/{version}/openapi.json"
SERVER_DOCUMENT = "/openapi.json"

SWAGGER_UI = "https://cdn.jsdelivr.net/npm/swagger-ui-dist@5"
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Horngate</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{swagger_ui}/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="{swagger_ui}/swagger-ui-bundle.js"></script>
<script src="{swagger_ui}/swagger-ui-standalone-preset.js"></script>
<script>
SwaggerUIBundle({{
  urls: {urls},
  dom_id: "#swagger-ui",
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: "StandaloneLayout",
}});
</script>
</body>
</html>
"""


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

    @router.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        documents = [("server", SERVER_DOCUMENT)]
        documents += [(name, MODEL_DOCUMENT.format(name=name)) for name in registry.names()]
        urls = [{"name": name, "url": url} for name, url in documents]
        return HTMLResponse(PAGE.format(swagger_ui=SWAGGER_UI, urls=json.dumps(urls)))

    return router


def _written(document: dict[str, Any]) -> Response:
    """A document as it goes out; the framework would walk through its examples, number by number."""
    return Response(to_json(document), media_type="application/json")
