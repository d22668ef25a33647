"""Requests of 64 texts against the bare runtime on as many cores."""

import os
import statistics
from dataclasses import asdict

from app.bench.bodies import body_of
from app.bench.limit import row_cost
from scripts.benchmark.bare import bare_rows_per_second
from scripts.benchmark.contenders import horngate
from scripts.benchmark.machine import Steal
from scripts.benchmark.processes import running
from scripts.benchmark.result import Conditions, Section, at_least, median_ratio
from scripts.benchmark.versions import newest_version
from scripts.benchmark.wrk import run_wrk

ROWS = 64
CONNECTIONS = 8
SHARE = 0.6
WARMUP_SECONDS = 1.0


def measure_many_texts(conditions: Conditions) -> Section:
    """Rows per second of the server and of processes that only run the same rows, in turn."""
    steal = Steal()
    body, folder = body_of("texts", ROWS), newest_version(conditions.models, "sentiment")
    contender = horngate(conditions.workers, conditions.models)
    cores, cost = len(os.sched_getaffinity(0)), row_cost(folder)
    runs, bare = [], []
    with running(contender.start_with(body)) as server:
        run_wrk(server, contender.path, [body], CONNECTIONS, WARMUP_SECONDS)
        for _ in range(conditions.rounds):
            runs.append(run_wrk(server, contender.path, [body], CONNECTIONS, conditions.seconds))
            bare.append(bare_rows_per_second(folder, cost.best_batch, cores, conditions.seconds))
    rates = [ROWS * run.rate for run in runs]
    ours, theirs = statistics.median(rates), statistics.median(bare)
    aim = at_least(
        f"`texts` of {ROWS}, rows/s against the bare runtime on the same cores",
        median_ratio(rates, bare),
        SHARE,
        sum(run.errors for run in runs),
        f"{ours:.0f} / {theirs:.0f}",
    )
    table = [
        ["", "rows/s"],
        [f"Horngate, {CONNECTIONS} connections", f"{ours:.0f}"],
        [f"bare runtime, {cores} processes, batches of {cost.best_batch}", f"{theirs:.0f}"],
    ]
    figures = {"runs": [asdict(run) for run in runs], "bare_rows_per_second": bare, "row": asdict(cost)}
    return Section(f"Texts, {ROWS} per request", table, [aim], [steal.note()], figures)
