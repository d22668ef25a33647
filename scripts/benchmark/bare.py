"""The bare runtime on every core: what the machine can do with rows and nothing else."""

import contextlib
import multiprocessing
import time
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from app.bench.bare_row import open_bare_runtime
from app.bench.bodies import TEXT
from app.bench.errors import BenchInvalid

START_SECONDS = 60.0
SPARE_SECONDS = 60.0


def bare_rows_per_second(folder: Path, batch: int, processes: int, seconds: float) -> float:
    """Rows per second of so many processes that run batches of the model on one thread each, and nothing else."""
    context = multiprocessing.get_context("spawn")
    begin = context.Barrier(processes)
    pipes = [context.Pipe() for _ in range(processes)]
    children = [
        context.Process(target=_run_rows, args=(theirs, begin, folder, batch, seconds), daemon=True)
        for _, theirs in pipes
    ]
    try:
        for child in children:
            child.start()
        return sum(_receive(ours, START_SECONDS + seconds + SPARE_SECONDS) for ours, _ in pipes)
    finally:
        for child, pipe in zip(children, pipes, strict=True):
            child.kill()
            child.join()
            for end in pipe:
                end.close()


def _run_rows(connection: Connection, begin: Barrier, folder: Path, batch: int, seconds: float) -> None:
    """One process of `bare_rows_per_second`: waits for the others, runs, tells its rows per second."""
    runtime, row = open_bare_runtime(folder, TEXT)
    tensors = {name: array.repeat(batch, axis=0) for name, array in row.items()}
    runtime.run(tensors)
    begin.wait(START_SECONDS)
    runs, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        runtime.run(tensors)
        runs += 1
    connection.send(runs * batch / (time.perf_counter() - started))


def _receive(connection: Connection, seconds: float) -> float:
    """What a child tells; raises `BenchInvalid` where it does not."""
    with contextlib.suppress(EOFError):
        if connection.poll(seconds):
            told: float = connection.recv()
            return told
    raise BenchInvalid("expected a process of the benchmark to answer; it did not; is the machine overloaded?")
