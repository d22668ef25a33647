"""Texts of 10 to 500 words in one stream: padded to length buckets, against padded to the model's maximum."""

import statistics
import tempfile
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
WHAT = f"mixed text lengths {SHORTEST}–{LONGEST}, requests/s against padding to the maximum"
TITLE = f"Mixed text lengths: {SHORTEST} to {LONGEST} words, each length equally likely, {CONNECTIONS} connections"


def measure_lengths(conditions: Conditions) -> Section:
    """Two servers, whose model is the same but for the buckets in its manifest, loaded in turn."""
    missing = missing_packages()
    if missing:
        reason = f"Left out: the models are made with the train extra; missing: {missing}."
        return Section(TITLE, [], [Aim(WHAT, f"≥ {RATIO:g}", "–", None)], [reason])
    steal = Steal()
    runs = _run(conditions)
    rates = {name: [run.rate for run in own] for name, own in runs.items()}
    errors = sum(run.errors for own in runs.values() for run in own)
    bucketed, padded = rates.values()
    notes = [
        f"The sentiment model's layers and tokenizer at {LENGTH} tokens; untrained, which does not change the speed.",
        steal.note(),
    ]
    return Section(
        TITLE,
        [["padded to", "requests/s"], *([name, f"{statistics.median(own):.0f}"] for name, own in rates.items())],
        [at_least(WHAT, median_ratio(bucketed, padded), RATIO, errors)],
        notes,
        {name: [asdict(run) for run in own] for name, own in runs.items()},
    )


def _run(conditions: Conditions) -> dict[str, list[Run]]:
    """The runs of the server with buckets, then of the one without."""
    tokenizer = newest_version(conditions.models, "sentiment") / TOKENIZER
    bodies = texts_of_known_words(tokenizer, mixed_lengths(TEXTS, SHORTEST, LONGEST))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        names = {"buckets " + ", ".join(map(str, BUCKETS)): "bucketed", f"the maximum, {LENGTH}": "padded"}
        servers = {}
        wanted = [Untrained("bucketed", buckets=BUCKETS), Untrained("padded")]
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
