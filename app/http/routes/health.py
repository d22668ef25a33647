"""Health: a summary for people, and live, ready and startup for whatever restarts and routes."""

from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.lifecycle.readiness import Readiness


class FailedFolder(BaseModel):
    """A model folder that cannot be served, and why."""

    folder: str
    reason: str


class ServedVersion(BaseModel):
    """A model version that answers now."""

    model: str
    version: int
    runtime: str
    queued_rows: int


class Health(BaseModel):
    """`degraded`: ready, but a model folder could not be served."""

    status: Literal["ready", "degraded", "loading", "draining", "not_ready"]
    models: list[ServedVersion]
    failures: list[FailedFolder]


class Probe(BaseModel):
    """The answer to a probe; `detail` says what is missing."""

    status: Literal["ok", "unavailable"]
    detail: str = Field("", examples=["models are still being loaded"])


UNAVAILABLE: dict[int | str, dict[str, Any]] = {
    503: {"model": Probe, "description": "Not now; `Retry-After` says when to ask again"}
}


def health_router(readiness: Readiness) -> APIRouter:
    """The four health routes over one readiness."""
    router = APIRouter(prefix="/health", tags=["health"])

    def probe(response: Response, *, missing: str) -> Probe:
        if not missing:
            return Probe(status="ok")
        response.status_code = 503
        response.headers["Retry-After"] = "1"
        return Probe(status="unavailable", detail=missing)

    @router.get("", summary="What is served, and what cannot be")
    async def health() -> Health:
        registry = readiness.registry
        models = [
            ServedVersion(
                model=model.name,
                version=model.version,
                runtime=model.running.runtime,
                queued_rows=model.batcher.queued_rows,
            )
            for model in registry
        ]
        failures = [FailedFolder(folder=failure.folder, reason=failure.reason) for failure in registry.failures]
        return Health(status=readiness.status(), models=models, failures=failures)

    @router.get("/live", summary="Whether the process answers at all")
    async def live() -> Probe:
        return Probe(status="ok")

    @router.get("/ready", summary="Whether to send requests here", responses=UNAVAILABLE)
    async def ready(response: Response) -> Probe:
        return probe(response, missing=readiness.missing())

    @router.get("/startup", summary="Whether loading is over", responses=UNAVAILABLE)
    async def startup(response: Response) -> Probe:
        is_loading = readiness.registry.is_loading
        return probe(response, missing="models are still being loaded" if is_loading else "")

    return router
