"""What each model has done since the start, over all workers, in the few numbers that a panel draws; cheap to read.

Rendering `/metrics` takes some 7 ms with two workers. This reads the same files and looks only at what is wanted.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from math import inf
from pathlib import Path
from typing import NamedTuple

from prometheus_client import CollectorRegistry
from prometheus_client.mmap_dict import MmapedDict

from app.observability import METRICS_FOLDER_VARIABLE
from app.observability.exposition import forget_dead_workers
from app.observability.metrics import SECONDS

FILES = ("counter_", "gauge_livesum_", "histogram_")
BUCKET = "horngate_model_request_seconds_bucket"
PLACES = {bound: place for place, bound in enumerate((*SECONDS, inf))}

FIGURES = {
    "horngate_batch_rows_bucket": "batches",
    "horngate_batch_rows_sum": "rows",
    "horngate_queue_rows": "waiting",
    "horngate_rejected_total": "refused",
}


@dataclass
class ModelFigures:
    """One model's batches and their rows, refusals and requests since the start, and the rows that wait now.

    `seconds` counts the requests that took at most `SECONDS[i]`; the last place counts all of them.
    """

    batches: float = 0
    rows: float = 0
    waiting: float = 0
    refused: float = 0
    seconds: list[float] = field(default_factory=lambda: [0] * len(PLACES))


class Place(NamedTuple):
    """Where a sample belongs: whose it is, and a field's name or a place in `seconds`."""

    model: str
    figure: str | int


def read_figures(registry: CollectorRegistry) -> dict[str, ModelFigures]:
    """The figures of every model by its name; with several workers it reads their files: call it on a thread."""
    folder = os.environ.get(METRICS_FOLDER_VARIABLE)
    if folder:
        forget_dead_workers(Path(folder))
    figures = _summed(_written(Path(folder)) if folder else _own(registry))
    for model in figures.values():
        model.seconds = list(accumulate(model.seconds))
    return figures


def _summed(samples: Iterable[tuple[Place, float]]) -> dict[str, ModelFigures]:
    """All samples of each place added up."""
    figures: defaultdict[str, ModelFigures] = defaultdict(ModelFigures)
    for (model, figure), value in samples:
        one = figures[model]
        if isinstance(figure, int):
            one.seconds[figure] += value
        else:
            setattr(one, figure, getattr(one, figure) + value)
    return figures


def _own(registry: CollectorRegistry) -> Iterator[tuple[Place, float]]:
    """The samples of this process alone, each bucket by itself, as the files of several have them."""
    below = 0.0
    for family in registry.collect():
        for name, labels, value, *_ in family.samples:
            place = _place(name, labels)
            if place is not None:
                yield place, value - below
            if "le" in labels:
                below = 0.0 if labels["le"] == "+Inf" else value


def _written(folder: Path) -> Iterator[tuple[Place, float]]:
    """The samples that all workers wrote, those too that have died."""
    for path in folder.glob("*.db"):
        if not path.name.startswith(FILES):
            continue
        with suppress(FileNotFoundError):  # a dead worker's, which another worker has just removed
            for key, value, _, _ in MmapedDict.read_all_values_from_file(str(path)):
                place = _place_of(key)
                if place is not None:
                    yield place, value


@lru_cache(100_000)
def _place_of(key: str) -> Place | None:
    """Where the sample of this key in `prometheus_client`'s files belongs."""
    _, name, labels, _ = json.loads(key)
    return _place(name, labels)


def _place(name: str, labels: Mapping[str, str]) -> Place | None:
    """Where a sample belongs; None for all that no panel draws."""
    if not labels.get("model"):
        return None
    if name == BUCKET:
        return Place(labels["model"], PLACES[float(labels["le"])])
    figure = FIGURES.get(name)
    return None if figure is None else Place(labels["model"], figure)
