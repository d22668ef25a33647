"""The aims of the section on protocols."""

from collections.abc import Mapping, Sequence

import numpy as np

from scripts.benchmark.result import Aim, at_least, median_ratio
from scripts.benchmark.wrk import Run

MIB = 2**20
LARGE_BYTES = 16 * MIB

SMALL_AIM, LARGE_AIM, GRPC_AIM, PEERS_AIM = 2.0, 500.0, 1.0, 5.0

Runs = Mapping[str, Sequence[Run]]
"""The runs of each way to ask, one per round."""

BESIDE = (
    ("json", "mlserver_json", "MLServer, JSON by JSON"),
    ("binary", "mlserver_json", "MLServer, the quickest way of each"),
    ("json", "kserve_json", "KServe, JSON by JSON"),
    ("binary", "kserve_binary", "KServe, bytes by bytes"),
)
"""Ways of ours, the way of a peer that each is held against, and what the aim is called."""


def aims_of(runs: Runs) -> list[Aim]:
    """Bytes beside JSON, gRPC beside bytes, what a large tensor moves at, and each peer beside us."""
    large = float(np.median(_each(runs, "large_in", "rate"))) * LARGE_BYTES / MIB
    binary = median_ratio(_each(runs, "binary", "rate"), _each(runs, "json", "rate"))
    grpc = median_ratio(_each(runs, "binary", "cpu_us"), _each(runs, "grpc", "cpu_us"))
    return [
        at_least("binary / JSON infer of [1, 28, 28, 1]", binary, SMALL_AIM, _errors(runs, "json", "binary")),
        at_least("gRPC / binary HTTP: requests per CPU second", grpc, GRPC_AIM, _errors(runs, "grpc", "binary")),
        at_least("MiB/s of a 16 MiB tensor over HTTP binary", large, LARGE_AIM, _errors(runs, "large_in")),
        *(_beside(runs, ours, peer, told) for ours, peer, told in BESIDE),
    ]


def _beside(runs: Runs, ours: str, peer: str, told: str) -> Aim:
    """Our rate by a peer's, where that was measured."""
    what = f"{told}: requests/s of ours by its"
    if peer not in runs:
        return Aim(what, f"≥ {PEERS_AIM:g}", "not measured", None)
    ratio = median_ratio(_each(runs, ours, "rate"), _each(runs, peer, "rate"))
    spent = median_ratio(_each(runs, peer, "cpu_us"), _each(runs, ours, "cpu_us"))
    return at_least(what, ratio, PEERS_AIM, _errors(runs, peer, ours), f"{spent:.1f} by CPU time per request")


def _each(runs: Runs, name: str, figure: str) -> list[float]:
    """A figure of every round."""
    return [getattr(run, figure) for run in runs[name]]


def _errors(runs: Runs, *names: str) -> int:
    """What failed in these ways."""
    return sum(run.errors for name in names for run in runs[name])
