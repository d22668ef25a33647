"""How a model runs best on this machine: its batches' times, measured, and the batch size that follows."""

import statistics
import time
from pathlib import Path
from typing import Any

from app.types import Array, Runtime, Signature
from scripts.training.parity import new_runtime

SIZES = (1, 2, 4, 8, 16, 32, 64)
REPEATS = 101
SHORT_SECONDS = 0.002
"""A batch below this runs on the server's event loop itself."""

DEFAULT_ROWS = 32
NEAR_BEST = 0.85
"""A short batch is taken where it gives at least this share of the best rows per second."""


def measure_plan(name: str, signature: Signature, folder: Path, inputs: Array) -> dict[str, Any]:
    """The manifest's plan for the runtime of that name, from the median times of batches of real rows."""
    runtime = new_runtime(name)
    runtime.load(folder)
    seconds = median_seconds(runtime, signature.inputs[0].name, inputs)
    runtime.close()
    told = {rows: round(value, 7) for rows, value in seconds.items()}
    return {
        "runtime": name,
        "threads": 1,
        "instances": 1,
        "max_batch_rows": choose_rows(seconds),
        "batch_seconds": told,
    }


def median_seconds(runtime: Runtime, name: str, inputs: Array) -> dict[int, float]:
    """The median time of a batch, by its rows.

    The sizes take turns, so that whatever else the machine does for a while touches all of them alike.
    """
    times: dict[int, list[float]] = {rows: [] for rows in SIZES}
    for _ in range(REPEATS):
        for rows in SIZES:
            start = time.perf_counter()
            runtime.run({name: inputs[:rows]})
            times[rows].append(time.perf_counter() - start)
    return {rows: statistics.median(taken) for rows, taken in times.items()}


def choose_rows(seconds: dict[int, float]) -> int:
    """The largest batch under 2 ms that gives at least 85 % of the best rows per second, or 32 where there is none."""
    best = max(rows / taken for rows, taken in seconds.items())
    fitting = [rows for rows, taken in seconds.items() if taken < SHORT_SECONDS and rows / taken >= NEAR_BEST * best]
    return max(fitting, default=DEFAULT_ROWS)
