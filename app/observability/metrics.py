"""Everything that Prometheus can ask; seconds and bytes, labels only from registered names.

With several workers the values live in files that all of them share (`prometheus_client`'s multiprocess mode, switched
on by the variable `PROMETHEUS_MULTIPROC_DIR` before this module is imported), so that any worker tells the whole truth.
"""

from collections.abc import Sequence
from time import time
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from app.observability.padding import cell_counters
from app.observability.tally import CounterTally, GaugeTally, HistogramTally, LatestTally, Tally
from app.types import Timing

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Metrics:
    """The server's metrics in one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._requests, self._request_seconds, self._model_request_seconds, self._failed_seconds = _request_families(
            registry
        )
        self.last_answer = Gauge(
            "horngate_last_answer_timestamp_seconds",
            "When a model version last answered, in seconds since 1970",
            ("model", "version"),
            multiprocess_mode="max",
            registry=registry,
        )
        self.stage_seconds = Histogram(
            "horngate_stage_seconds",
            "Time of an answered request in each stage: preprocess, queue, infer, postprocess",
            ("model", "version", "stage"),
            buckets=SECONDS,
            registry=registry,
        )
        self.batch_rows = Histogram(
            "horngate_batch_rows", "Rows per batch", ("model", "version"), buckets=ROWS, registry=registry
        )
        self.queue_rows = Gauge(
            "horngate_queue_rows",
            "Rows that wait for an instance",
            ("model",),
            multiprocess_mode="livesum",
            registry=registry,
        )
        self.rejections = Counter("horngate_rejected", "Requests turned away", ("model", "reason"), registry=registry)
        self.predictions = Counter(
            "horngate_predictions", "Predictions, by class", ("model", "version", "label"), registry=registry
        )
        self.cells, self.padding_cells = cell_counters(registry)
        self._info, self._loads, self._ready = _state_families(registry)
        self._tallies: list[Tally] = []
        self._cells: dict[tuple[str, str, str, int], RequestCell] = {}

    def flush(self) -> None:
        """Hand over what the tallies hold; call it before anybody looks, and now and then."""
        for tally in self._tallies:
            tally.flush()

    def request_finished(self, route: str, model: str, version: str, code: int, seconds: float) -> None:
        """A request ended; `model` and `version` are empty where it named none that is served."""
        key = (route, model, version, code)
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = self._request_cell(route, model, version, code)
        counter, histogram, of_model, failed = cell
        counter.inc()
        histogram.observe(seconds)
        if of_model is not None:
            of_model.observe(seconds)
        if failed is not None:
            failed.inc(seconds)

    def _request_cell(self, route: str, model: str, version: str, code: int) -> "RequestCell":
        """What counts the requests that end alike."""
        counter = self.tally_counter(self._requests.labels(route, model, version, str(code)))
        histogram = self.tally_histogram(self._request_seconds.labels(route))
        if not model:
            return RequestCell(counter, histogram, None, None)
        of_model = self.tally_histogram(self._model_request_seconds.labels(model, version))
        is_failed = not 200 <= code < 300
        failed = self.tally_counter(self._failed_seconds.labels(model, version)) if is_failed else None
        return RequestCell(counter, histogram, of_model, failed)

    def tally_counter(self, counter: Counter) -> CounterTally:
        """A cheap front for a counter."""
        tally = CounterTally(counter)
        self._tallies.append(tally)
        return tally

    def tally_gauge(self, gauge: Gauge) -> GaugeTally:
        """A cheap front for a share of a gauge."""
        tally = GaugeTally(gauge)
        self._tallies.append(tally)
        return tally

    def tally_latest(self, gauge: Gauge) -> LatestTally:
        """A cheap front for a gauge that only the last value counts of."""
        tally = LatestTally(gauge)
        self._tallies.append(tally)
        return tally

    def tally_histogram(self, histogram: Histogram) -> HistogramTally:
        """A cheap front for a histogram."""
        tally = HistogramTally(histogram)
        self._tallies.append(tally)
        return tally

    def model_loaded(self, model: str, version: int, runtime: str) -> None:
        """A version is served now."""
        self._loads.labels(model, "success").inc()
        self._info.labels(model, str(version), runtime).set(1)

    def model_failed(self, model: str) -> None:
        """A version could not be loaded."""
        self._loads.labels(model, "failure").inc()

    def set_ready(self, *, ready: bool) -> None:
        """Whether this worker takes requests."""
        self._ready.set(int(ready))

    def observe_model(self, model: str, version: int) -> "ModelMetrics":
        """The observer of one version."""
        return ModelMetrics(self, model, str(version))


class RequestCell(NamedTuple):
    """What counts and times the requests of one route, model, version and status code."""

    counter: CounterTally
    histogram: HistogramTally
    of_model: HistogramTally | None
    failed: CounterTally | None


def _request_families(registry: CollectorRegistry) -> tuple[Counter, Histogram, Histogram, Counter]:
    """How many requests were answered, and how long each took."""
    requests = Counter(
        "horngate_requests",
        "Requests answered, by route, model, version and status code (499: the client left)",
        ("route", "model", "version", "code"),
        registry=registry,
    )
    seconds = Histogram(
        "horngate_request_seconds", "Time from request to response", ("route",), buckets=SECONDS, registry=registry
    )
    of_models = Histogram(
        "horngate_model_request_seconds",
        "Time from request to response, of requests for a model",
        ("model", "version"),
        buckets=SECONDS,
        registry=registry,
    )
    failed = Counter(
        "horngate_failed_seconds",
        "Time of requests for a model that were not answered with 2xx",
        ("model", "version"),
        registry=registry,
    )
    return requests, seconds, of_models, failed


def _state_families(registry: CollectorRegistry) -> tuple[Gauge, Counter, Gauge]:
    """Which versions are served, how their loads ended, and whether requests are taken."""
    info = Gauge(
        "horngate_model_info",
        "1 for each served model version",
        ("model", "version", "runtime"),
        multiprocess_mode="livemax",
        registry=registry,
    )
    loads = Counter("horngate_model_loads", "Model versions loaded, or not", ("model", "outcome"), registry=registry)
    ready = Gauge(
        "horngate_ready", "1 while every live worker takes requests", multiprocess_mode="livemin", registry=registry
    )
    return info, loads, ready


class ModelMetrics:
    """One version's metrics; its series are looked up once."""

    def __init__(self, metrics: Metrics, model: str, version: str) -> None:
        self._metrics = metrics
        self._names = (model, version)
        self._batch_rows = metrics.tally_histogram(metrics.batch_rows.labels(model, version))
        self._queue_rows = metrics.tally_gauge(metrics.queue_rows.labels(model))
        self._last_answer = metrics.tally_latest(metrics.last_answer.labels(model, version))
        self._preprocess, self._queue, self._infer, self._postprocess = (
            metrics.tally_histogram(metrics.stage_seconds.labels(model, version, stage))
            for stage in ("preprocess", "queue", "infer", "postprocess")
        )
        self._cells = metrics.tally_counter(metrics.cells.labels(model, version))
        self._padding_cells = metrics.tally_counter(metrics.padding_cells.labels(model, version))
        self._labels: dict[str, CounterTally] = {}
        self._rejections: dict[str, CounterTally] = {}

    def batch_ran(self, rows: int) -> None:
        """A batch of so many rows ran."""
        self._batch_rows.observe(rows)

    def queue_changed(self, rows: int) -> None:
        """So many rows wait now; versions of one model share the gauge."""
        self._queue_rows.set(rows)

    def answered(self, timing: Timing, labels: Sequence[str]) -> None:
        """A request was answered."""
        self._last_answer.set(time())
        self._preprocess.observe(timing.preprocess)
        self._queue.observe(timing.queue)
        self._infer.observe(timing.infer)
        self._postprocess.observe(timing.postprocess)
        for label in labels:
            cell = self._labels.get(label)
            if cell is None:
                counter = self._metrics.predictions.labels(*self._names, label)
                cell = self._labels[label] = self._metrics.tally_counter(counter)
            cell.inc()

    def cells_served(self, cells: int, padding: int) -> None:
        """The tensors of a request that was answered held so many numbers, of which so many were padding."""
        self._cells.inc(cells)
        self._padding_cells.inc(padding)

    def rejected(self, reason: str) -> None:
        """A request was turned away."""
        cell = self._rejections.get(reason)
        if cell is None:
            counter = self._metrics.rejections.labels(self._names[0], reason)
            cell = self._rejections[reason] = self._metrics.tally_counter(counter)
        cell.inc()
