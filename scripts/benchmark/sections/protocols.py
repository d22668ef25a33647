"""The Open Inference Protocol over HTTP: a small tensor as JSON and as bytes, and a large one as bytes."""

import json
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.bench.request import Body
from app.types import Array
from scripts.benchmark.contenders import horngate
from scripts.benchmark.machine import Steal
from scripts.benchmark.passing_model import INPUT, write_passing_model
from scripts.benchmark.processes import Server, Start, running
from scripts.benchmark.result import Aim, Conditions, Section, Table, at_least, median_ratio
from scripts.benchmark.wrk import Run, run_wrk

CONNECTIONS = 32
LARGE_CONNECTIONS = 2
WARMUP_SECONDS = 1.0
MIB = 2**20
LARGE_BYTES = 16 * MIB
BODY_LIMIT = {"HORNGATE_MAX_BODY_BYTES": str(2 * LARGE_BYTES)}

FIGURES = ("rate", "cpu_us")

SMALL_AIM = 2.0
LARGE_AIM = 500.0


class Asked(NamedTuple):
    """A way to ask: its body, and the headers that go with it."""

    body: Body
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Protocols:
    """The runs of each way to ask, one per round."""

    json: list[Run] = field(default_factory=list)
    binary: list[Run] = field(default_factory=list)
    large_in: list[Run] = field(default_factory=list)
    large_both: list[Run] = field(default_factory=list)

    def rates(self, name: str) -> list[float]:
        """Requests per second of every round."""
        return [run.rate for run in getattr(self, name)]

    def errors(self, *names: str) -> int:
        """What failed in these ways."""
        return sum(run.errors for name in names for run in getattr(self, name))


def measure_protocols(conditions: Conditions) -> Section:
    """A picture's tensor both ways in turn, then 16 MiB to the server, and there and back."""
    steal = Steal()
    measured = run_protocols(conditions)
    return Section(
        "The Open Inference Protocol over HTTP",
        table_of(measured),
        aims_of(measured),
        [
            "The models do nothing but sum a row up or give it back: what is measured is the way there and back.",
            steal.note(),
        ],
        asdict(measured),
    )


def table_of(measured: Protocols) -> Table:
    """Requests and MiB per second, the medians over the rounds."""
    rows = [["", "requests/s", "MiB/s of tensors", "CPU µs per request"]]
    for name, told, moved in (
        ("json", f"[1, 28, 28, 1] as JSON, {CONNECTIONS} connections", 0),
        ("binary", f"[1, 28, 28, 1] as bytes, {CONNECTIONS} connections", 0),
        ("large_in", f"16 MiB to the server, {LARGE_CONNECTIONS} connections", LARGE_BYTES),
        ("large_both", f"16 MiB there and back, {LARGE_CONNECTIONS} connections", 2 * LARGE_BYTES),
    ):
        rate, cpu = (float(np.median([getattr(run, which) for run in getattr(measured, name)])) for which in FIGURES)
        rows.append([told, f"{rate:.1f}", f"{rate * moved / MIB:.0f}" if moved else "–", f"{cpu:.0f}"])
    return rows


def aims_of(measured: Protocols) -> list[Aim]:
    """Bytes beside JSON, and what a large tensor moves at."""
    ratio = median_ratio(measured.rates("binary"), measured.rates("json"))
    speed = float(np.median(measured.rates("large_in"))) * LARGE_BYTES / MIB
    return [
        at_least("binary / JSON infer of [1, 28, 28, 1]", ratio, SMALL_AIM, measured.errors("json", "binary")),
        at_least("MiB/s of a 16 MiB tensor over HTTP binary", speed, LARGE_AIM, measured.errors("large_in")),
    ]


def run_protocols(conditions: Conditions) -> Protocols:
    """Every way in turn, round by round."""
    pixels = np.random.default_rng(0).random((1, 28, 28, 1), np.float32)
    large = np.random.default_rng(0).random((1, LARGE_BYTES // 4), np.float32)
    measured = Protocols()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        write_passing_model(folder, "small", *pixels.shape[1:], summed=True)
        write_passing_model(folder, "in", None, summed=True)
        write_passing_model(folder, "both", None)
        server = stack.enter_context(running(_start(conditions.workers, folder, as_json(pixels))))
        ways = [
            (measured.json, "small", as_json(pixels), CONNECTIONS),
            (measured.binary, "small", as_bytes(pixels), CONNECTIONS),
            (measured.large_in, "in", as_bytes(large), LARGE_CONNECTIONS),
            (measured.large_both, "both", as_bytes(large), LARGE_CONNECTIONS),
        ]
        for _, model, asked, connections in ways:
            _load(server, model, asked, connections, WARMUP_SECONDS)
        for _ in range(conditions.rounds):
            for runs, model, asked, connections in ways:
                runs.append(_load(server, model, asked, connections, conditions.seconds))
    return measured


def as_json(array: Array) -> Asked:
    """The tensor as a flat list."""
    tensor = {"name": INPUT, "shape": array.shape, "datatype": "FP32", "data": array.ravel().tolist()}
    return Asked(Body(json.dumps({"inputs": [tensor]}).encode(), "application/json"), {})


def as_bytes(array: Array) -> Asked:
    """The tensor as bytes, the answer too."""
    size = {"binary_data_size": array.nbytes}
    tensor = {"name": INPUT, "shape": array.shape, "datatype": "FP32", "parameters": size}
    head = json.dumps({"inputs": [tensor], "parameters": {"binary_data_output": True}}).encode()
    headers = {"Inference-Header-Content-Length": str(len(head))}
    return Asked(Body(head + array.tobytes(), "application/octet-stream"), headers)


def _start(workers: int, models: Path, asked: Asked) -> Start:
    """How to start the server on these models; it is ready when it answers this."""
    start = horngate(workers, models).start_with(asked.body)
    environment = {**start.environment, **BODY_LIMIT}
    return replace(start, path=_path("small"), environment=environment)


def _load(server: Server, model: str, asked: Asked, connections: int, seconds: float) -> Run:
    """One run."""
    return run_wrk(server, _path(model), [asked.body], connections, seconds, headers=asked.headers)


def _path(model: str) -> str:
    return f"/v2/models/{model}/infer"
