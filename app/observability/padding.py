"""How much of what the models computed was padding: a ratio of two counters, so that it is true over all workers."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

CELLS = "horngate_cells"
PADDING = "horngate_padding_cells"
LABELS = ("model", "version")


def cell_counters(registry: CollectorRegistry) -> tuple[Counter, Counter]:
    """Counters of all cells and of those that only pad, told with their ratio."""
    cells = Counter(CELLS, "Cells of served rows: numbers in their tensors", LABELS, registry=None)
    padding = Counter(PADDING, "Cells of served rows that only pad them", LABELS, registry=None)
    registry.register(PaddingRatio(lambda: (*cells.collect(), *padding.collect())))
    return cells, padding


class PaddingRatio(Collector):
    """Gives the families of `collect` and the share of padding in them, a sample for each version that has cells."""

    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self._collect = collect

    def collect(self) -> Iterable[Metric]:
        """Everything, and `horngate_padding_ratio`."""
        families = list(self._collect())
        yield from families
        yield _ratio(families)


def _ratio(families: Iterable[Metric]) -> Metric:
    """The ratio of the two counters."""
    counted = {family.name: _values(family) for family in families if family.name in (CELLS, PADDING)}
    padding = counted.get(PADDING, {})
    ratio = GaugeMetricFamily("horngate_padding_ratio", "Share of served cells that only pad rows", labels=LABELS)
    for names, cells in counted.get(CELLS, {}).items():
        if cells:
            ratio.add_metric(names, padding.get(names, 0.0) / cells)
    return ratio


def _values(family: Metric) -> dict[tuple[str, ...], float]:
    """A counter's values by its labels."""
    totals = (sample for sample in family.samples if sample.name == f"{family.name}_total")
    return {tuple(sample.labels[label] for label in LABELS): sample.value for sample in totals}
