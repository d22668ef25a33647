"""A whole measurement: look at the server, run the steps, measure the limit."""

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from app.bench.cpu import ProcessTree, Stopwatch
from app.bench.errors import BenchInvalid
from app.bench.fleet import Fleet, Watch
from app.bench.limit import Limit, measure_exchange, row_cost
from app.bench.measurement import Measurement
from app.bench.options import Options
from app.bench.preparation import Prepared, prepare
from app.bench.progress import Progress
from app.bench.step import Step
from app.errors import HorngateError
from app.repository.manifest import NAME_PATTERN

VERSION_FOLDER = rf"{NAME_PATTERN[1:-1]}/[1-9]\d{{0,17}}"
EXCHANGE_CONNECTIONS = 32
EXCHANGE_SECONDS = 5.0


@dataclass(slots=True)
class Outcome:
    """What was measured, also where the measurement did not come to its end: `problem` says why."""

    prepared: Prepared
    workers: int
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    measurements: list[Measurement] = field(default_factory=list)
    limit: Limit | None = None
    problem: str | None = None
    was_interrupted: bool = False

    @property
    def machine(self) -> str:
        """Where it was measured."""
        system = f"{platform.system()} {platform.machine()}"
        return f"{system}, {os.cpu_count()} cores, Python {platform.python_version()}"


def run_bench(options: Options) -> Outcome:
    """Measure; Ctrl-C ends it with what there is. Raises `BenchInvalid` where it cannot even begin."""
    tree = None if options.pid is None else _watched(options.pid)
    outcome = Outcome(prepare(options), options.workers)
    steps, exchange = options.steps(), _exchange_step(options)
    folder = _model_folder(options, outcome.prepared) if options.with_limit else None
    try:
        with Progress([*steps, exchange] if folder else steps) as progress:
            _run_steps(outcome, steps, tree, progress)
            if folder and not (outcome.was_interrupted or outcome.problem):
                outcome.limit = _measure_limit(outcome, folder, exchange, progress)
    except KeyboardInterrupt:
        outcome.was_interrupted = True
    except HorngateError as error:
        outcome.problem = str(error)
    return outcome


def _run_steps(outcome: Outcome, steps: Sequence[Step], tree: ProcessTree | None, progress: Progress) -> None:
    """Run one step after the other, until one finds no server any more."""
    load = outcome.prepared.load
    with Fleet(load, outcome.workers) as fleet:
        for number, step in enumerate(steps, 1):
            stopwatch = Stopwatch(tree)
            progress.begin(step)
            counts = fleet.run(step, Watch(progress.progressed, stopwatch.start, stopwatch.stop))
            progress.end()
            if counts.seconds:
                outcome.measurements.append(Measurement(step, counts, load.rows, stopwatch.seconds))
            outcome.was_interrupted = fleet.was_interrupted
            if fleet.was_interrupted:
                return
            if not counts.answered and not counts.statuses:
                left = f"; {len(steps) - number} more steps were left out" if number < len(steps) else ""
                reason = next(iter(counts.errors), "no answer in time")
                outcome.problem = f"the server stopped answering at {step.name} ({reason}){left}"
                return


def _measure_limit(outcome: Outcome, folder: Path, step: Step, progress: Progress) -> Limit:
    """The bare runtime on one row of the model, and the empty exchange under the same load."""
    cost = row_cost(folder)
    progress.begin(step)
    prepared = outcome.prepared
    exchange = measure_exchange(prepared.load, step, prepared.answer.body_bytes, outcome.workers, progress.progressed)
    progress.end()
    return Limit(exchange, cost)


def _exchange_step(options: Options) -> Step:
    """The empty exchange is loaded by as many connections as the last closed-loop step."""
    connections = options.connections[-1] if options.connections else EXCHANGE_CONNECTIONS
    seconds = min(options.seconds, EXCHANGE_SECONDS)
    return replace(options.step(connections), seconds=seconds, deadline_seconds=None)


def _watched(pid: int) -> ProcessTree:
    """The server's processes; raises `BenchInvalid` where there is none of that id."""
    tree = ProcessTree(pid)
    if not tree.exists:
        raise BenchInvalid(f"expected a running process for --pid, on a system with /proc; received {pid}")
    return tree


def _model_folder(options: Options, prepared: Prepared) -> Path:
    """Where the model lies that answered; raises `BenchInvalid` where the answer did not say which it was."""
    answer = prepared.answer
    if answer.model is None or not re.fullmatch(VERSION_FOLDER, answer.model):
        raise BenchInvalid(f"expected an answer with an X-Model header for --limit; received {answer.status} without")
    return options.models / answer.model
