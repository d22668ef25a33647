"""From measured batches to a plan: pure arithmetic, so that every rule of it can be read and tested.

- Workers share the cores, one worker a core: what counts is the rows that one core does in a second, so a second thread
  has to halve the time.
- A batch below 2 ms runs on the event loop itself; a longer one is handed to a thread, which costs 0.14 ms.
- Memory counts as well: a runtime outside the base install, or in a process of its own, has to be faster by a margin.
- A service level bounds the batch: see `batch_bound`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.inference.runtimes.catalogue import IN_PROCESS
from app.inference.sizing import INLINE_SECONDS, Sizing
from app.repository.manifest import Plan, RuntimeName

HANDOVER_SECONDS = 0.00014
"""What handing a batch to a thread and back costs, measured on the hot path."""

NEAR_BEST = 0.85
"""A batch for the event loop is taken where it gives at least this share of the best rows per second."""

LONG_NEAR_BEST = 0.95
"""Of longer batches the smallest that gives this share is taken: beyond it rows only wait longer."""

MARGINS: Mapping[RuntimeName, float] = {"onnx": 1.0, "openvino": 1.1, "tensorflow-xla": 1.5, "tensorflow": 1.5}
"""How many times as fast as ONNX Runtime each has to be: OpenVINO is an extra package with tens of MiB more in every
worker, TensorFlow a process of some 500 MiB for each of them."""

SLO_SHARE = 0.8
"""What the batches may take of a service level; the rest is for reading, answering, and batches slower than usual."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One runtime on so many threads: how far its answers are from the reference's, and its batches' times.

    `seconds` is the median time of one batch, by its rows.
    """

    runtime: RuntimeName
    threads: int
    difference: float
    seconds: Mapping[int, float]


def choose_plan(trials: Sequence[Trial], slo_seconds: float | None, differing: Iterable[RuntimeName] = ()) -> Plan:
    """The plan with the most rows per second and core, margins counted, among those that hold the service level.

    Where none holds it, the fastest of all. The batch is the best without a service level, which the owner may change:
    each start bounds it anew. `trials` is not empty. There is one instance, as each worker has its core.
    """
    bound = batch_bound(slo_seconds)

    def merit(trial: Trial) -> tuple[bool, float]:
        rows = choose_rows(trial, bound)
        rate = _rate(trial, rows) / trial.threads / MARGINS[trial.runtime]
        return trial.seconds[rows] <= bound, rate

    best = max(trials, key=merit)
    told = {rows: round(taken, 7) for rows, taken in sorted(best.seconds.items())}
    return Plan(
        runtime=best.runtime,
        threads=best.threads,
        max_batch_rows=choose_rows(best),
        batch_seconds=told,
        differing=tuple(differing),
    )


def choose_rows(trial: Trial, bound: float = float("inf")) -> int:
    """The largest batch that is short enough for the event loop, where it gives at least 85 % of the best rate; else
    the smallest that gives 95 % of it.

    Only batches within `bound` seconds count; where there is none, the smallest that was measured.
    """
    rates = {rows: _rate(trial, rows) for rows, taken in trial.seconds.items() if taken <= bound}
    if not rates:
        return min(trial.seconds)
    best = max(rates.values())
    short = [rows for rows, rate in rates.items() if _is_short(trial, rows) and rate >= NEAR_BEST * best]
    return max(short) if short else min(rows for rows, rate in rates.items() if rate >= LONG_NEAR_BEST * best)


def sizing_of(plan: Plan, measured_cells: int = 1) -> Sizing:
    """What the plan says of rows of any size, having been measured with rows of `measured_cells` numbers.

    Only a single instance in this process may run on the event loop.
    """
    may_be_inline = plan.runtime in IN_PROCESS and plan.instances == 1
    return Sizing(plan.max_batch_rows, measured_cells, plan.batch_seconds if may_be_inline else {})


def batch_bound(slo_seconds: float | None) -> float:
    """The seconds that one batch may take under a service level; infinite without one.

    A row that has just missed a batch waits until that one is done and then for its own: two batches must fit.
    """
    return float("inf") if slo_seconds is None else SLO_SHARE * slo_seconds / 2


def rows_within(plan: Plan, slo_seconds: float) -> int | None:
    """The largest measured batch, up to the plan's, that holds the service level; None where not even one does."""
    bound = batch_bound(slo_seconds)
    fitting = [rows for rows, taken in plan.batch_seconds.items() if rows <= plan.max_batch_rows and taken <= bound]
    return max(fitting, default=None)


def _is_short(trial: Trial, rows: int) -> bool:
    """Whether this batch would run on the event loop."""
    return trial.runtime in IN_PROCESS and trial.seconds[rows] < INLINE_SECONDS


def _rate(trial: Trial, rows: int) -> float:
    """Rows per second, the hand-over counted."""
    return rows / (trial.seconds[rows] + (0 if _is_short(trial, rows) else HANDOVER_SECONDS))
