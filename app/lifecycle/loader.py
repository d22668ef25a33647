"""Loads what lies in `models/` when the process starts; what cannot be served is reported, the rest goes on."""

import asyncio
import logging
from pathlib import Path

from app.errors import HorngateError, ModelInvalid
from app.lifecycle.loading import load_version
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel
from app.observability.metrics import Metrics
from app.repository.scanner import Failure, VersionFolder, scan
from app.repository.serving import ServingConfig, read_serving

logger = logging.getLogger(__name__)


class Loader:
    """Fills the registry from a models folder, off the event loop; no model waits for a slower one."""

    def __init__(self, models: Path, registry: Registry, metrics: Metrics, *, max_queue_rows: int) -> None:
        self._models = models
        self._registry = registry
        self._metrics = metrics
        self._max_queue_rows = max_queue_rows

    async def load_all(self) -> None:
        """Load every model; on return nothing is loading any more, and failures are in the registry."""
        try:
            if not self._models.is_dir():
                self._report(".", f"expected a folder of models at {self._models}; set HORNGATE_MODELS_DIR")
                return
            found, failures = await asyncio.to_thread(scan, self._models)
            for failure in failures:
                self._report(failure.folder, failure.reason)
            await asyncio.gather(*(self._load_model(name, versions) for name, versions in found.items()))
        except OSError as error:
            self._report(".", str(error))
        finally:
            self._registry.is_loading = False

    async def _load_model(self, name: str, versions: list[VersionFolder]) -> None:
        """Load the versions that the owner's configuration asks for; without one, the newest that can be."""
        try:
            config = read_serving(self._models / name)
        except (ModelInvalid, OSError) as error:
            self._report(name, str(error))
            return
        pinned = self._pinned(name, versions, config)
        models = [model for folder in pinned if (model := await self._load_version(folder, config))]
        default = config.default
        if default is None:
            newest = await self._newest(versions, pinned, models, config)
            default = newest.version if newest else None
            models += [newest] if newest and newest not in models else []
        if default in {model.version for model in models}:
            self._registry.add(name, models, default, config.labels)
        else:
            await asyncio.gather(*(model.close(0) for model in models))

    def _pinned(self, name: str, versions: list[VersionFolder], config: ServingConfig) -> list[VersionFolder]:
        """The folders of the versions that `serving.json` names."""
        by_version = {folder.version: folder for folder in versions}
        wanted = {*config.labels.values(), *([config.default] if config.default else [])}
        for version in sorted(wanted - by_version.keys()):
            self._report(f"{name}/{version}", "serving.json names this version, but there is no such folder")
        return [by_version[version] for version in sorted(wanted & by_version.keys(), reverse=True)]

    async def _newest(
        self,
        versions: list[VersionFolder],
        pinned: list[VersionFolder],
        loaded: list[ServedModel],
        config: ServingConfig,
    ) -> ServedModel | None:
        """The newest version that can be served; of the pinned ones, which have all been tried, those `loaded` can."""
        by_version = {model.version: model for model in loaded}
        for folder in versions:
            is_tried = folder in pinned
            model = by_version.get(folder.version) if is_tried else await self._load_version(folder, config)
            if model:
                return model
        return None

    async def _load_version(self, folder: VersionFolder, config: ServingConfig) -> ServedModel | None:
        """Load one version, or report why it cannot be."""
        place = f"{folder.name}/{folder.version}"
        observer = self._metrics.observe_model(folder.name, folder.version)
        try:
            model = await asyncio.to_thread(load_version, folder, observer, self._max_queue_rows, config.slo_p99_ms)
        except Exception as error:  # noqa: BLE001  # whatever stands in a folder, the others are served
            is_known = isinstance(error, HorngateError | OSError)
            self._report(place, str(error) if is_known else f"{type(error).__name__}: {error}")
            self._metrics.model_failed(folder.name)
            return None
        running = model.running
        self._metrics.model_loaded(folder.name, folder.version, running.runtime)
        logger.info("model loaded", extra={"fields": {"folder": place, "runtime": running.runtime}})
        if running.is_degraded:
            fields = {"folder": place, "runtime": running.runtime, "reason": "; ".join(running.why)}
            logger.warning("model runs otherwise than planned", extra={"fields": fields})
        return model

    def _report(self, folder: str, reason: str) -> None:
        """Keep a failure for `/health`, as text that can be encoded whatever a path holds, and say it in the log."""
        reason = reason.encode(errors="backslashreplace").decode()
        self._registry.failures.append(Failure(folder, reason))
        logger.error("model folder cannot be served", extra={"fields": {"folder": folder, "reason": reason}})
