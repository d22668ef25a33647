"""Horngate beside the service that tutorials show, in one run: `python -m scripts.bench`.

Both serve the same sentiment model and are up at once; each is loaded in turn, round after round, so that a machine
whose speed drifts treats them alike. Only ratios within one run count.
"""

import argparse
import statistics
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from scripts.benchmark.load import Loader, Run
from scripts.benchmark.processes import Server, free_port, running, stolen_and_all

BODY = {
    "text": "This movie was great and I loved the acting, the story and the music; the ending was a bit slow, "
    "but I would watch it again"
}
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}
STEAL_PERCENT = 5.0


def main() -> None:
    """Start both, load both, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder with sentiment/1")
    parser.add_argument("--workers", type=int, default=2, help="Horngate's worker processes")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="length of one run")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 32])
    options = parser.parse_args()
    with ExitStack() as stack:
        ours = stack.enter_context(_horngate(options.models, options.workers))
        theirs = stack.enter_context(_tutorial(options.models / "sentiment" / "1"))
        loaders = [stack.enter_context(Loader(server, BODY)) for server in (ours, theirs)]
        for loader in loaders:
            loader.run(32, 1)
        stolen, total = stolen_and_all()
        runs = {connections: _rounds(loaders, connections, options) for connections in options.connections}
        now_stolen, now_total = stolen_and_all()
        print(_table((ours, theirs), runs))
        steal = 100 * (now_stolen - stolen) / max(now_total - total, 1)
        print(f"\nsteal {steal:.1f} %{'; measure again' if steal > STEAL_PERCENT else ''}")


def _horngate(models: Path, workers: int) -> AbstractContextManager[Server]:
    """Horngate, everything switched on."""
    port = free_port()
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--workers", str(workers)]
    return running("horngate", [*command, "--models-dir", str(models)], port, BODY, {})


def _tutorial(folder: Path) -> AbstractContextManager[Server]:
    """FastAPI and TensorFlow, one process, as tutorials start it."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "scripts.benchmark.tutorial:app", "--port", str(port)]
    quiet = ["--log-level", "warning", "--no-access-log"]
    return running("fastapi + tensorflow", [*command, *quiet], port, BODY, {**QUIET, "MODEL_FOLDER": str(folder)})


def _rounds(loaders: Sequence[Loader], connections: int, options: argparse.Namespace) -> list[list[Run]]:
    """So many rounds, each server in turn; one list of runs per server."""
    rounds = [[loader.run(connections, options.seconds) for loader in loaders] for _ in range(options.rounds)]
    return [list(runs) for runs in zip(*rounds, strict=True)]


def _table(servers: Sequence[Server], runs: dict[int, list[list[Run]]]) -> str:
    """Medians over the rounds as a Markdown table; the ratio is round by round against the last server."""
    heads = ["server", "ready s"]
    rows = [[server.name, f"{server.ready_seconds:.2f}"] for server in servers]
    for connections, measured in runs.items():
        heads += [f"{name} c={connections}" for name in ("req/s", "ratio", "p50 ms", "p99 ms", "CPU µs", "errors")]
        for row, own in zip(rows, measured, strict=True):
            row.extend(_cells(own, measured[-1]))
    heads.append("PSS MiB per process")
    for row, server in zip(rows, servers, strict=True):
        row.append(" + ".join(map(str, server.pss_mib())))
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(runs: Sequence[Run], against: Sequence[Run]) -> list[str]:
    """One server's medians at one number of connections."""
    ratio = statistics.median(run.rate / other.rate for run, other in zip(runs, against, strict=True))
    rate, p50, p99, cpu = (
        statistics.median(getattr(run, name) for run in runs) for name in ("rate", "p50_ms", "p99_ms", "cpu_us")
    )
    errors = sum(run.errors for run in runs)
    return [f"{rate:.0f}", f"{ratio:.1f}", f"{p50:.2f}", f"{p99:.1f}", f"{cpu:.0f}", str(errors)]


if __name__ == "__main__":
    main()
