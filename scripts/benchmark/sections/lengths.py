"""Texts of 10 to 500 words in one stream: padded to length buckets, against padded to the model's maximum."""

import statistics
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from scripts.benchmark.contenders import horngate
from scripts.benchmark.machine import Steal
from scripts.benchmark.processes import running
from scripts.benchmark.result import Aim, Conditions, Section, at_least, median_ratio
from scripts.benchmark.untrained import (
    LENGTH,
    TOKENIZER,
    Untrained,
    missing_packages,
    mixed_lengths,
    texts_of_known_words,
    write_untrained,
)
from scripts.benchmark.versions import newest_version
from scripts.benchmark.wrk import Run, run_wrk

BUCKETS = (32, 64, 96, 128, 192, 256, 320, 384, 448, LENGTH)
SHORTEST, LONGEST, TEXTS = 10, 500, 256
CONNECTIONS = 32
RATIO = 1.5
WARMUP_SECONDS = 2.0
MODELS: Mapping[str, tuple[int, ...]] = {"the sentiment model's layers": (), "two LSTM layers of 256 units": (256, 256)}
"""The units of each model's layers: one whose rows cost as little as all else of a request, one whose rows cost all."""

WHAT = f"mixed text lengths {SHORTEST}–{LONGEST}, requests/s against padding to the maximum"
TITLE = f"Mixed text lengths: {SHORTEST} to {LONGEST} words, each length equally likely, {CONNECTIONS} connections"


def measure_lengths(conditions: Conditions) -> Section:
    """Two servers for each model, which is the same but for the buckets in its manifest, loaded in turn."""
    missing = missing_packages()
    if missing:
        reason = f"Left out: the models are made with the train extra; missing: {missing}."
        return Section(TITLE, [], [Aim(WHAT, f"≥ {RATIO:g}", "–", None)], [reason])
    steal, aims, figures = Steal(), [], {}
    table = [["model", "padded to", "requests/s"]]
    for model, units in MODELS.items():
        runs = _run(conditions, units)
        bucketed, padded = ([run.rate for run in own] for own in runs.values())
        errors = sum(run.errors for own in runs.values() for run in own)
        aims.append(at_least(f"{WHAT}, {model}", median_ratio(bucketed, padded), RATIO, errors))
        rates = {told: statistics.median(run.rate for run in own) for told, own in runs.items()}
        table += [[model, told, f"{rate:.0f}"] for told, rate in rates.items()]
        figures[model] = {told: [asdict(run) for run in own] for told, own in runs.items()}
    notes = [
        f"Untrained, at {LENGTH} tokens, with the sentiment model's tokenizer: weights cost no time.",
        steal.note(),
    ]
    return Section(TITLE, table, aims, notes, figures)


def _run(conditions: Conditions, units: tuple[int, ...]) -> dict[str, list[Run]]:
    """The runs of the server with buckets, then of the one without."""
    tokenizer = newest_version(conditions.models, "sentiment") / TOKENIZER
    bodies = texts_of_known_words(tokenizer, mixed_lengths(TEXTS, SHORTEST, LONGEST))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        names = {"buckets " + ", ".join(map(str, BUCKETS)): "bucketed", f"the maximum, {LENGTH}": "padded"}
        servers = {}
        wanted = [Untrained("bucketed", units, BUCKETS), Untrained("padded", units)]
        write_untrained(Path(folder), tokenizer, wanted)
        for told, model in names.items():
            contender = horngate(conditions.workers, Path(folder), model)
            servers[told] = stack.enter_context(running(contender.start_with(bodies[0]))), contender.path
        for server, path in servers.values():
            run_wrk(server, path, bodies, CONNECTIONS, WARMUP_SECONDS)
        runs: dict[str, list[Run]] = {told: [] for told in servers}
        for _ in range(conditions.rounds):
            for told, (server, path) in servers.items():
                runs[told].append(run_wrk(server, path, bodies, CONNECTIONS, conditions.seconds))
    return runs
