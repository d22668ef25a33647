"""Three times as many requests as the server can answer, at fixed times, as independent callers send them."""

import os
import statistics
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.bench.bodies import TEXT
from app.bench.fleet import Fleet
from app.bench.measurement import Measurement
from app.bench.request import Body, Target, make_load
from app.bench.step import Step
from scripts.benchmark.contenders import Contender, horngate
from scripts.benchmark.machine import Steal
from scripts.benchmark.processes import running
from scripts.benchmark.result import Aim, Conditions, Section, at_least, at_most
from scripts.benchmark.untrained import (
    LENGTH,
    TOKENIZER,
    Untrained,
    missing_packages,
    texts_of_known_words,
    write_untrained,
)
from scripts.benchmark.versions import newest_version

HEAVY = Untrained("heavy", (256, 256))
WORDS = 500
CLOSED_CONNECTIONS, OPEN_CONNECTIONS = 64, 1000
BELOW, ABOVE = 0.8, 3.0
GOODPUT, P99_RATIO = 0.95, 3.0
REFUSALS = (429, 503)
WARMUP, WINDOW = 1.0, 3.0
"""How long a step warms up and lasts, in lengths of a run: a queue takes its time to fill."""

TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Round:
    """One round: the closed loop that finds the capacity, then open loops below and above it."""

    peak: Measurement
    below: Measurement
    above: Measurement

    @property
    def goodput_share(self) -> float:
        """2xx answers per second under overload, in parts of the peak, each by the cores that the generator left."""
        peak = _per_free_core(self.peak)
        return _per_free_core(self.above) / peak if peak else 0.0

    @property
    def p99_ratio(self) -> float:
        """The 99th percentile of the accepted under overload, in parts of that below capacity."""
        calm = self.below.latency_ms(99)
        return self.above.latency_ms(99) / calm if calm else 0.0

    @property
    def refused(self) -> int:
        """Requests turned away above the capacity."""
        return sum(self.above.counts.statuses[status] for status in REFUSALS)

    @property
    def refused_with_retry_after(self) -> int:
        """Those that were told when to come back."""
        return sum(self.above.counts.retry_after[status] for status in REFUSALS)

    @property
    def failures(self) -> int:
        """What was neither answered nor refused: timeouts, broken connections, other statuses."""
        return sum(map(failures_of, (self.peak, self.below, self.above)))


def _per_free_core(one: Measurement) -> float:
    """2xx answers per second and core that the server could have: requests that are refused cost the generator most."""
    return one.goodput / (len(os.sched_getaffinity(0)) - one.own_cores)


def failures_of(one: Measurement) -> int:
    """Requests of a step that were neither answered with 2xx nor refused."""
    refused = sum(one.counts.statuses[status] for status in REFUSALS)
    return one.refusals - refused + one.errors + one.counts.timeouts


def measure_overload(conditions: Conditions) -> Section:
    """A model whose rows take milliseconds, so that inference dominates; and the shipped sentiment model."""
    steal, notes = Steal(), []
    measured = {}
    if missing := missing_packages():
        notes.append(f"The heavy model was left out: it is made with the train extra; missing: {missing}.")
    else:
        measured["heavy"] = _heavy_rounds(conditions)
    light = horngate(conditions.workers, conditions.models)
    measured["sentiment"] = _rounds(conditions, light, light.body(TEXT))
    notes += [
        f"heavy: LSTM of {HEAVY.units} units on {LENGTH} tokens, untrained, texts of {WORDS} words.",
        "sentiment is shown, not judged: three times its capacity is more than the generator can send beside it.",
        steal.note(),
    ]
    heads = ["model", "load", "offered/s", "good/s", "p50 ms", "p99 ms", "refused", "failed", "generator's cores"]
    rows = [line for name, rounds in measured.items() for line in _lines(name, rounds[-1])]
    aims = aims_of("heavy", measured["heavy"]) if "heavy" in measured else []
    figures = {
        name: [[one.to_json() for one in (each.peak, each.below, each.above)] for each in rounds]
        for name, rounds in measured.items()
    }
    return Section("Overload (the last round; aims are medians)", [heads, *rows], aims, notes, figures)


def aims_of(name: str, rounds: Sequence[Round]) -> list[Aim]:
    """Medians over the rounds; every refusal of every round has to carry Retry-After, and there have to be some."""
    failures = sum(each.failures for each in rounds)
    goodput = statistics.median(each.goodput_share for each in rounds)
    p99 = statistics.median(each.p99_ratio for each in rounds)
    refused = sum(each.refused for each in rounds)
    told = sum(each.refused_with_retry_after for each in rounds)
    return [
        at_least(
            f"open loop at {ABOVE:g} × capacity, {name}: goodput / peak, by core free of the generator",
            goodput,
            GOODPUT,
            failures,
        ),
        at_most(f"the same: p99 of the accepted / p99 at {BELOW:g} × capacity", p99, P99_RATIO, failures),
        Aim("the same: refusals that carry Retry-After", "all", f"{told} of {refused}", told == refused > 0),
    ]


def _heavy_rounds(conditions: Conditions) -> list[Round]:
    """The rounds of the model that is made for this."""
    tokenizer = newest_version(conditions.models, "sentiment") / TOKENIZER
    with tempfile.TemporaryDirectory() as folder:
        write_untrained(Path(folder), tokenizer, [HEAVY])
        contender = horngate(conditions.workers, Path(folder), HEAVY.name)
        return _rounds(conditions, contender, texts_of_known_words(tokenizer, [WORDS])[0])


def _rounds(conditions: Conditions, contender: Contender, body: Body) -> list[Round]:
    """So many rounds against a server of its own."""
    with ExitStack() as stack:
        server = stack.enter_context(running(contender.start_with(body)))
        load = make_load(Target.parse(server.origin + contender.path), [body])
        fleet = stack.enter_context(Fleet(load))
        return [_round(partial(_run, fleet, conditions.seconds)) for _ in range(conditions.rounds)]


def _round(run: Callable[[int, float | None], Measurement]) -> Round:
    """One round; `run` takes connections and the rate."""
    peak = run(CLOSED_CONNECTIONS, None)
    return Round(peak, run(OPEN_CONNECTIONS, BELOW * peak.rate), run(OPEN_CONNECTIONS, ABOVE * peak.rate))


def _run(fleet: Fleet, seconds: float, connections: int, rate: float | None) -> Measurement:
    """One step; Ctrl-C ends the benchmark."""
    step = Step(connections, rate, WINDOW * seconds, WARMUP * seconds, TIMEOUT_SECONDS)
    counts = fleet.run(step)
    if fleet.was_interrupted:
        raise KeyboardInterrupt
    return Measurement(step, counts, 1)


def _lines(name: str, each: Round) -> list[list[str]]:
    """A round's three rows."""
    loads = {f"{CLOSED_CONNECTIONS} connections": each.peak, f"{BELOW:g} ×": each.below, f"{ABOVE:g} ×": each.above}
    return [[name, load, *_cells(one)] for load, one in loads.items()]


def _cells(one: Measurement) -> list[str]:
    """A step's figures."""
    offered = "–" if one.step.rate is None else f"{one.step.rate:.0f}"
    refused = sum(one.counts.statuses[status] for status in REFUSALS)
    latencies = [f"{one.latency_ms(percent):.1f}" for percent in (50, 99)]
    return [offered, f"{one.goodput:.0f}", *latencies, f"{refused}", f"{failures_of(one)}", f"{one.own_cores:.2f}"]
