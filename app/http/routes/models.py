"""What is served: names, versions, signatures, plans and model cards."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.http.problems import described
from app.http.routes.documents import MODEL_DOCUMENT, VERSION_DOCUMENT
from app.lifecycle.registry import Registry
from app.lifecycle.running import Running
from app.lifecycle.served_model import ServedModel
from app.repository.manifest import Plan, Tensors

MODEL_CARD = "MODEL_CARD.md"
FAILURES = described(404, 422, 503)


class ModelSummary(BaseModel):
    """One model: `default` answers requests that pin nothing."""

    name: str
    task: str
    versions: list[int] = Field(description="Served versions, newest first")
    default: int
    labels: dict[str, int]
    openapi: str = Field(description="Where its OpenAPI document is")


class ModelVersion(BaseModel):
    """One version: what it takes and gives, how it runs, and its card."""

    name: str
    version: int
    task: str
    state: str = Field(examples=["ready"])
    signature: Tensors
    labels: list[str]
    statistics: dict[str, float] = Field(description="Figures on the test split")
    plan: Plan | None = Field(description="What calibration measured; null where nothing was")
    running: Running = Field(description="What really runs; `why` tells what differs from the plan")
    model_card: str | None = Field(None, description="The card's Markdown")
    openapi: str = Field(description="Where its OpenAPI document is")


class ModelList(BaseModel):
    """Every served model."""

    models: list[ModelSummary]


class ModelDetail(ModelSummary):
    """One model with its versions in full."""

    details: list[ModelVersion]


def models_router(registry: Registry) -> APIRouter:
    """The three model routes over one registry."""
    router = APIRouter(prefix="/models", tags=["models"])

    @router.get("", summary="Every served model")
    async def models() -> ModelList:
        return ModelList(models=[ModelSummary(**_summary(registry, name)) for name in registry.names()])

    @router.get("/{name}", summary="One model with its versions", responses=FAILURES)
    async def model(name: str) -> ModelDetail:
        details = [_version(version) for version in registry.versions(name)]
        return ModelDetail(**_summary(registry, name), details=details)

    # Not `async`: it reads the card from the disk, so it runs on a thread.
    @router.get("/{name}/versions/{version}", summary="One version with its model card", responses=FAILURES)
    def model_version(name: str, version: int) -> ModelVersion:
        served = registry.resolve(name, version)
        card = served.folder.path / MODEL_CARD
        text = card.read_text(encoding="utf-8") if card.is_file() else None
        return _version(served).model_copy(update={"model_card": text})

    return router


def _summary(registry: Registry, name: str) -> dict[str, Any]:
    """The fields of a model's summary."""
    versions = registry.versions(name)
    return {
        "name": name,
        "task": versions[0].manifest.task,
        "versions": [model.version for model in versions],
        "default": registry.default_version(name),
        "labels": dict(registry.labels(name)),
        "openapi": MODEL_DOCUMENT.format(name=name),
    }


def _version(model: ServedModel) -> ModelVersion:
    """One version, without its card."""
    manifest = model.manifest
    return ModelVersion(
        name=model.name,
        version=model.version,
        task=manifest.task,
        state="ready",
        signature=manifest.signature,
        labels=list(manifest.labels),
        statistics=dict(manifest.statistics),
        plan=manifest.plan,
        running=model.running,
        openapi=VERSION_DOCUMENT.format(name=model.name, version=model.version),
    )
