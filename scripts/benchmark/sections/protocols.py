"""One small tensor over every protocol, beside peers that speak one of them; and a large one as bytes."""

import logging
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from app.bench.errors import BenchInvalid
from scripts.benchmark.contenders import horngate
from scripts.benchmark.grpc_load import run_grpc
from scripts.benchmark.machine import Steal
from scripts.benchmark.passing_model import write_passing_model
from scripts.benchmark.processes import Server, Start, free_port, running
from scripts.benchmark.result import Conditions, Section, Table
from scripts.benchmark.sections.protocol_aims import LARGE_BYTES, MIB, Runs, aims_of
from scripts.benchmark.sections.protocol_ways import Asked, as_bytes, as_json, as_message, as_rows
from scripts.benchmark.tensor_peers import MODEL, PATH, TENSOR_PEERS
from scripts.benchmark.wrk import Run, run_wrk

CONNECTIONS = 32
LARGE_CONNECTIONS = 2
WARMUP_SECONDS = 1.0
BODY_LIMIT = {"HORNGATE_MAX_BODY_BYTES": str(2 * LARGE_BYTES)}
PIXELS = np.random.default_rng(0).random((1, 28, 28, 1), np.float32)

FIGURES = ("rate", "cpu_us")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Way:
    """One line of the table: what is asked how, the tensor bytes that one request moves, and a run of it."""

    told: str
    moved: int
    load: Callable[[float], Run]


def measure_protocols(conditions: Conditions) -> Section:
    """Every way in turn, in every round; peers that cannot be installed or do not answer are named."""
    steal = Steal()
    notes: list[str] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ways = {**_ours(stack, folder, conditions.workers), **_peers(stack, folder, conditions, notes)}
        runs = run_ways(ways, conditions)
    return Section(
        "One tensor over every protocol",
        table_of(ways, runs),
        aims_of(runs),
        [
            "The models do nothing but sum a row up or give it back: what is measured is the way there and back.",
            "gRPC is loaded by a client in Python, everything else by wrk: beside each other stand the CPU times only.",
            "MLServer reads no binary tensors. It and KServe's Python server run in one process, as they come.",
            *notes,
            steal.note(),
        ],
        {name: [asdict(run) for run in several] for name, several in runs.items()},
    )


def run_ways(ways: dict[str, Way], conditions: Conditions) -> Runs:
    """Every way once to warm up, then in turn, round by round."""
    for way in ways.values():
        way.load(WARMUP_SECONDS)
    runs: dict[str, list[Run]] = {name: [] for name in ways}
    for _ in range(conditions.rounds):
        for name, way in ways.items():
            runs[name].append(way.load(conditions.seconds))
    return runs


def table_of(ways: dict[str, Way], runs: Runs) -> Table:
    """Requests and MiB per second, the medians over the rounds."""
    rows = [["", "requests/s", "MiB/s of tensors", "CPU µs per request", "errors"]]
    for name, way in ways.items():
        rate, cpu = (float(np.median([getattr(run, which) for run in runs[name]])) for which in FIGURES)
        moved = f"{rate * way.moved / MIB:.0f}" if way.moved else "–"
        rows.append([way.told, f"{rate:.1f}", moved, f"{cpu:.0f}", str(sum(run.errors for run in runs[name]))])
    return rows


def _ours(stack: ExitStack, folder: Path, workers: int) -> dict[str, Way]:
    """Our server, and every way to ask it."""
    write_passing_model(folder, MODEL, *PIXELS.shape[1:], summed=True)
    write_passing_model(folder, "in", None, summed=True)
    write_passing_model(folder, "both", None)
    large = as_bytes(np.random.default_rng(0).random((1, LARGE_BYTES // 4), np.float32))
    port = free_port()
    server = stack.enter_context(running(_start(workers, folder, port)))
    message = as_message(PIXELS, MODEL)

    def infer(model: str, asked: Asked, connections: int) -> Callable[[float], Run]:
        return _loading(server, f"/v2/models/{model}/infer", asked, connections)

    def call(seconds: float) -> Run:
        return run_grpc(server, f"127.0.0.1:{port}", message, CONNECTIONS, seconds)

    small, big = f"[1, 28, 28, 1], {CONNECTIONS} connections", f"{LARGE_CONNECTIONS} connections"
    rows = _loading(server, f"/v1/models/{MODEL}:predict", as_rows(PIXELS), CONNECTIONS)
    return {
        "json": Way(f"/v2, JSON: {small}", 0, infer(MODEL, as_json(PIXELS), CONNECTIONS)),
        "binary": Way(f"/v2, bytes: {small}", 0, infer(MODEL, as_bytes(PIXELS), CONNECTIONS)),
        "rows": Way(f"/v1, JSON: {small}", 0, rows),
        "grpc": Way("gRPC, raw contents: the same", 0, call),
        "large_in": Way(f"/v2, bytes: 16 MiB to the server, {big}", LARGE_BYTES, infer("in", large, LARGE_CONNECTIONS)),
        "large_both": Way(
            f"/v2, bytes: 16 MiB there and back, {big}", 2 * LARGE_BYTES, infer("both", large, LARGE_CONNECTIONS)
        ),
    }


def _peers(stack: ExitStack, folder: Path, conditions: Conditions, notes: list[str]) -> dict[str, Way]:
    """The peers that were asked for and answer, with the ways that they understand."""
    ways: dict[str, Way] = {}
    for name in TENSOR_PEERS.keys() & set(conditions.peers):
        peer = TENSOR_PEERS[name]
        try:
            start = replace(peer.start(folder / MODEL / "1", conditions.venvs, ""), body=as_json(PIXELS).body)
            server = stack.enter_context(running(start))
        except BenchInvalid as error:
            notes.append(f"{peer.name} was left out: {error}")
            logger.warning("%s", notes[-1])
            continue
        ways[f"{name}_json"] = Way(f"{peer.name}: /v2, JSON", 0, _loading(server, PATH, as_json(PIXELS), CONNECTIONS))
        if name == "kserve":
            asked = as_bytes(PIXELS)
            ways[f"{name}_binary"] = Way(f"{peer.name}: /v2, bytes", 0, _loading(server, PATH, asked, CONNECTIONS))
    return dict(sorted(ways.items()))


def _start(workers: int, models: Path, grpc_port: int) -> Start:
    """How to start our server on these models; it is ready when it answers the small tensor."""
    start = horngate(workers, models).start_with(as_json(PIXELS).body)
    environment = {**start.environment, **BODY_LIMIT, "HORNGATE_GRPC_PORT": str(grpc_port)}
    return replace(start, path=PATH, environment=environment)


def _loading(server: Server, path: str, asked: Asked, connections: int) -> Callable[[float], Run]:
    """Runs by wrk, as long as they are told."""
    return lambda seconds: run_wrk(server, path, [asked.body], connections, seconds, headers=asked.headers)
