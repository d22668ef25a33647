"""`GET /metrics`: Prometheus text, or OpenMetrics where it is asked for."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry

from app.observability.exposition import render


def metrics_router(registry: CollectorRegistry) -> APIRouter:
    """The metrics route over one registry."""
    router = APIRouter(tags=["metrics"])

    # Not `async`: with several workers it reads all their files, so it runs on a thread.
    @router.get(
        "/metrics",
        summary="What Prometheus scrapes",
        response_class=Response,
        responses={200: {"content": {"text/plain": {}, "application/openmetrics-text": {}}}},
    )
    def metrics(request: Request) -> Response:
        content, media_type = render(registry, request.headers.get("accept", ""))
        return Response(content, media_type=media_type)

    return router
