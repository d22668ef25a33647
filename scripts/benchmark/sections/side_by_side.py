"""Horngate and its peers on the same model, all up at once and loaded in turn, round after round."""

import importlib.util
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict

from app.bench.bodies import TEXT
from app.bench.errors import BenchInvalid
from scripts.benchmark.agreement import check_agreement
from scripts.benchmark.contenders import CONTENDERS, TUTORIAL, Contender, horngate
from scripts.benchmark.machine import Steal
from scripts.benchmark.processes import Server, running
from scripts.benchmark.result import Conditions, Section, Table, median_ratio
from scripts.benchmark.sections.measured import Measured
from scripts.benchmark.sections.side_by_side_aims import aims_of
from scripts.benchmark.versions import newest_version
from scripts.benchmark.wrk import Run, run_wrk

CONNECTIONS = (1, 32, 128)
WARMUP = (32, 1.0)
"""Connections and seconds before anything counts."""

logger = logging.getLogger(__name__)


def measure_side_by_side(conditions: Conditions) -> Section:
    """Start all that can be started, check that they agree, load them; peers that cannot be installed are named."""
    notes: list[str] = []
    with ExitStack() as stack:
        servers: dict[Server, Contender] = {}
        for contender in [horngate(conditions.workers, conditions.models), *_peers(conditions, notes)]:
            try:
                start = contender.start(newest_version(conditions.models, "sentiment"), conditions.venvs, TEXT)
                servers[stack.enter_context(running(start))] = contender
            except BenchInvalid as error:
                if not servers:
                    raise
                notes.append(f"{contender.name} was left out: {error}")
                logger.warning("%s", notes[-1])
        check_agreement(servers)
        steal = Steal()
        measured = _load(servers, conditions)
        notes.append(steal.note())
    return Section(
        "Side by side: one sentiment model, one text per request",
        table_of(measured),
        aims_of(measured),
        [
            f"{conditions.rounds} rounds of {conditions.seconds:g} s by wrk, medians; ratios are of the same round.",
            *notes,
        ],
        {"servers": [asdict(one) for one in measured]},
    )


def _peers(conditions: Conditions, notes: list[str]) -> list[Contender]:
    """The peers that were asked for; the tutorial's service only where TensorFlow is."""
    peers = [CONTENDERS[name] for name in conditions.peers if name in CONTENDERS]
    if TUTORIAL in peers and importlib.util.find_spec("tensorflow") is None:
        peers.remove(TUTORIAL)
        notes.append(f"{TUTORIAL.name} was left out: TensorFlow is not installed.")
    return peers


def _load(servers: dict[Server, Contender], conditions: Conditions) -> list[Measured]:
    """Every server in turn, in every round."""
    measured = {server: Measured(server.name, server.ready_seconds) for server in servers}

    def run(server: Server, connections: int, seconds: float) -> Run:
        contender = servers[server]
        return run_wrk(server, contender.path, [contender.body(TEXT)], connections, seconds)

    for server in servers:
        run(server, *WARMUP)
    for connections in CONNECTIONS:
        for number in range(1, conditions.rounds + 1):
            logger.info("%d connections, round %d of %d", connections, number, conditions.rounds)
            for server, one in measured.items():
                one.runs.setdefault(connections, []).append(run(server, connections, conditions.seconds))
    for server, one in measured.items():
        one.pss_mib.extend(server.pss_mib())
    return list(measured.values())


def table_of(measured: Sequence[Measured]) -> Table:
    """A row per server; the ratio is to the first, which is ours."""
    counts = list(measured[0].runs)
    names = ("req/s", "of ours", "p50 ms", "p99 ms", "CPU µs")
    heads = ["server", "ready s", *(f"{name}, c={count}" for count in counts for name in names), "PSS MiB"]
    return [heads, *(_row(one, measured[0]) for one in measured)]


def _row(one: Measured, ours: Measured) -> list[str]:
    """Medians over the rounds."""
    cells = [one.name, f"{one.ready_seconds:.1f}"]
    for connections, runs in one.runs.items():
        errors = sum(run.errors for run in runs)
        rate, p50, p99, cpu = (one.median(connections, name) for name in ("rate", "p50_ms", "p99_ms", "cpu_us"))
        ratio = median_ratio(one.each(connections, "rate"), ours.each(connections, "rate"))
        cells += [f"{rate:.0f}" + (f" ({errors} errors)" if errors else ""), f"{ratio:.3f}"]
        cells += [f"{p50:.2f}", f"{p99:.1f}", f"{cpu:.0f}"]
    return [*cells, f"{sum(one.pss_mib):.0f}"]
