"""`GET /metrics`: Prometheus text, or OpenMetrics where it is asked for."""

import asyncio

from fastapi import APIRouter, Request, Response

from app.observability.exposition import render
from app.observability.metrics import Metrics


def metrics_router(metrics: Metrics) -> APIRouter:
    """The metrics route."""
    router = APIRouter(tags=["metrics"])

    @router.get(
        "/metrics",
        summary="What Prometheus scrapes",
        response_class=Response,
        responses={200: {"content": {"text/plain": {}, "application/openmetrics-text": {}}}},
    )
    async def scrape(request: Request) -> Response:
        metrics.flush()
        # With several workers it reads all their files.
        accept = request.headers.get("accept", "")
        content, media_type = await asyncio.to_thread(render, metrics.registry, accept)
        return Response(content, media_type=media_type)

    return router
