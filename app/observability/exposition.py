"""The text that Prometheus scrapes: this process's registry, or what all workers wrote."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry, exposition
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from app.observability import METRICS_FOLDER_VARIABLE
from app.observability.padding import PaddingRatio


def render(registry: CollectorRegistry, accept: str) -> tuple[bytes, str]:
    """The metrics and their media type: OpenMetrics where `accept` asks for it, else Prometheus text."""
    encode: Callable[[CollectorRegistry], bytes]
    encode, media_type = exposition.choose_encoder(accept)
    return encode(whole(registry)), media_type


def whole(registry: CollectorRegistry) -> CollectorRegistry:
    """A registry that tells the sum of all workers: this process's own where there is no other."""
    directory = os.environ.get(METRICS_FOLDER_VARIABLE)
    if not directory:
        return registry
    forget_dead_workers(Path(directory))
    summed = CollectorRegistry(support_collectors_without_names=True)
    summed.register(PaddingRatio(MultiProcessCollector(None, directory).collect))
    return summed


def forget_dead_workers(directory: Path) -> None:
    """Drop the live gauges of workers that were killed; what they counted stays counted."""
    for pid in {int(path.stem.rpartition("_")[2]) for path in directory.glob("gauge_live*_*.db")}:
        if not Path(f"/proc/{pid}").exists():
            with contextlib.suppress(FileNotFoundError):  # another worker was faster
                mark_process_dead(pid, str(directory))
