"""A loader over a folder of tiny models."""

from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from app.lifecycle.loader import Loader
from app.lifecycle.registry import Registry
from app.observability.metrics import Metrics


@pytest.fixture
def metrics() -> Metrics:
    """Metrics in a registry of their own."""
    return Metrics(CollectorRegistry())


@pytest.fixture
async def load_all(metrics: Metrics) -> Callable[[Path], object]:
    """Loads a models folder into a new registry; what was loaded is closed in the end."""
    registries = []

    async def load(models: Path) -> Registry:
        registry = Registry()
        registries.append(registry)
        await Loader(models, registry, metrics, max_queue_rows=64).load_all()
        return registry

    yield load
    for registry in registries:
        for model in registry.clear():
            await model.close(0)
