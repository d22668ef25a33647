"""The limit that stands beside a result: what the same request costs with nothing around it."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from app.bench.bare_row import open_bare_runtime
from app.bench.bodies import TEXT
from app.bench.cpu import ProcessTree, Stopwatch
from app.bench.empty_exchange import serve_empty_exchange
from app.bench.errors import BenchInvalid
from app.bench.fleet import Fleet, Watch
from app.bench.measurement import Measurement
from app.bench.request import Load, Target
from app.bench.step import Step
from app.types import Runtime, Tensors, rows_of

BATCHES = (1, 2, 4, 8, 16, 32, 64, 128)
ROUNDS = 3
ROUND_SECONDS = 0.1
START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class RowCost:
    """The bare runtime's CPU seconds per row, on one thread, by batch."""

    model: str
    seconds_by_batch: dict[int, float]

    @property
    def best_batch(self) -> int:
        """The batch whose rows cost least."""
        return min(self.seconds_by_batch, key=lambda rows: self.seconds_by_batch[rows])

    @property
    def seconds(self) -> float:
        """CPU time of one row at the best batch."""
        return self.seconds_by_batch[self.best_batch]


@dataclass(frozen=True, slots=True)
class Limit:
    """An empty exchange, measured like the server, and a row of the bare runtime."""

    exchange: Measurement
    row: RowCost

    @property
    def cpu_us(self) -> float | None:
        """CPU time of an empty exchange with its rows at the best batch, in microseconds; None without /proc."""
        exchange = self.exchange.server_cpu_us
        return None if exchange is None else exchange + 1e6 * self.row.seconds * self.exchange.rows

    def share(self, measurement: Measurement) -> float | None:
        """The limit's CPU time in parts of the server's; 1 would be a server that adds nothing."""
        if self.cpu_us is None or not measurement.server_cpu_us:
            return None
        return self.cpu_us / measurement.server_cpu_us


def row_cost(folder: Path) -> RowCost:
    """CPU seconds of one row of the version folder's model on one thread, by batch."""
    runtime, row = open_bare_runtime(folder, TEXT)
    try:
        return measure_row("/".join(folder.parts[-2:]), runtime, row)
    finally:
        runtime.close()


def measure_row(model: str, runtime: Runtime, row: Tensors) -> RowCost:
    """Time batches of copies of `row` (1, …) on the loaded runtime, by CPU time: other processes do not disturb it."""
    costs = {}
    for rows in BATCHES:
        batch = {name: array.repeat(rows, axis=0) for name, array in row.items()}
        runtime.run(batch)
        costs[rows] = median(_round(runtime, batch) for _ in range(ROUNDS))
    return RowCost(model, costs)


def measure_exchange(
    load: Load, step: Step, answer_bytes: int, workers: int, progressed: Callable[[int], None]
) -> Measurement:
    """Load an application that does nothing with the same requests, answered by as many bytes."""
    with empty_exchange(answer_bytes) as (pid, port):
        tree = ProcessTree(pid)
        stopwatch = Stopwatch(tree if tree.exists else None)
        target = Target("http", "127.0.0.1", port, load.target.path)
        with Fleet(replace(load, target=target), workers) as fleet:
            counts = fleet.run(step, Watch(progressed, stopwatch.start, stopwatch.stop))
            if fleet.was_interrupted:
                raise KeyboardInterrupt
        return Measurement(step, counts, load.rows, stopwatch.seconds)


def _round(runtime: Runtime, batch: Tensors) -> float:
    """CPU seconds per row over a tenth of a second, or one run where that takes longer."""
    runs, started = 0, time.process_time()
    while runs == 0 or time.process_time() - started < ROUND_SECONDS:
        runtime.run(batch)
        runs += 1
    return (time.process_time() - started) / (runs * rows_of(batch))


@contextmanager
def empty_exchange(answer_bytes: int) -> Iterator[tuple[int, int]]:
    """Process id and port of an application that reads a body and answers with so many bytes, while it runs.

    It runs on a process for every core, under the server's HTTP stack: two threads of one core are slower than one, and
    the server is measured on all of them. The process is the first one, the others' parent.

    Raises `BenchInvalid` where it does not start.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    arguments = (theirs, answer_bytes, len(os.sched_getaffinity(0)))
    process = context.Process(target=serve_empty_exchange, args=arguments, daemon=True)
    process.start()
    theirs.close()
    try:
        yield process.pid or 0, _port(ours)
    finally:
        ours.close()
        process.kill()
        process.join()


def _port(connection: Connection) -> int:
    """The port that the process tells; raises `BenchInvalid` where it does not."""
    with suppress(EOFError):
        if connection.poll(START_SECONDS):
            port: int = connection.recv()
            return port
    raise BenchInvalid("expected an empty exchange to start; it did not; is the machine overloaded?")
