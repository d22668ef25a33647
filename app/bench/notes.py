"""What a reader of the figures must not miss, a line each."""

from collections.abc import Iterator

from app.bench.limit import Limit
from app.bench.measurement import Measurement
from app.bench.session import Outcome

BUSY_SHARE = 0.8
"""A generator this busy may be what is measured."""


def notes_of(outcome: Outcome) -> list[str]:
    """What went wrong, what the generator took, what the limit is."""
    return list(_notes(outcome))


def _notes(outcome: Outcome) -> Iterator[str]:
    """In the order of their weight."""
    if outcome.problem:
        yield f"stopped: {outcome.problem}"
    if outcome.was_interrupted:
        yield "interrupted: the figures are of the time until then"
    answer = outcome.prepared.answer
    if not 200 <= answer.status < 300:
        yield f"the server answered {answer.status} to the first request: {answer.detail or 'no detail'}"
    for measurement in outcome.measurements:
        yield from _failures(measurement)
    if outcome.measurements:
        yield from _generator(outcome)
    if outcome.limit:
        yield from _limit(outcome.limit)


def _failures(measurement: Measurement) -> Iterator[str]:
    """What one step's requests got instead of a 2xx answer."""
    counts, name = measurement.counts, measurement.step.name
    for status, number in sorted(counts.statuses.items()):
        if not 200 <= status < 300:
            with_header = counts.retry_after[status]
            yield f"{name}: {status} × {number:,}, {_of(with_header, number)} with Retry-After"
    if counts.refused.count:
        p50, p99 = (1e3 * counts.refused.percentile(percent) for percent in (50, 99))
        yield f"{name}: what was not accepted was told so in p50 {p50:.2f} ms, p99 {p99:.2f} ms"
    for kind, number in counts.errors.most_common():
        yield f"{name}: {kind} × {number:,}"
    if counts.timeouts:
        seconds = measurement.step.timeout_seconds
        yield f"{name}: no answer in {seconds:g} s × {counts.timeouts:,}; they stand in the percentiles"


def _of(part: int, whole: int) -> str:
    """All, none or so many."""
    return {0: "none", whole: "all"}.get(part, f"{part:,}")


def _generator(outcome: Outcome) -> Iterator[str]:
    """What the measurement itself cost."""
    measured = outcome.measurements
    costs = sorted({f"{one.own_cpu_us:.0f}" for one in measured if one.own_cpu_us is not None}, key=float)
    cores = max(one.own_cores for one in measured)
    if costs:
        span = costs[0] if len(costs) == 1 else f"{costs[0]} to {costs[-1]}"
        yield f"the generator took {span} µs of CPU per request, {cores:.2f} cores at most"
    delays = [one.counts.send_delay.percentile(99) for one in measured if one.counts.send_delay.count]
    if delays:
        late = 1e3 * max(delays)
        yield f"where a connection was free, requests went out at most {late:.2f} ms (p99) after they were due"
    if cores > BUSY_SHARE * outcome.workers:
        yield "the generator was as busy as it can be: raise --workers, or the figures are its own"


def _limit(limit: Limit) -> Iterator[str]:
    """The limit and its parts."""
    exchange, row = limit.exchange, limit.row
    cpu = f", {exchange.server_cpu_us:.0f} µs of CPU each" if exchange.server_cpu_us else ""
    yield f"empty ASGI exchange, a process for each core, {exchange.step.name}: {exchange.rate:,.0f} requests/s{cpu}"
    yield (
        f"bare runtime, {row.model}, one thread, batches of {row.best_batch}: "
        f"{1 / row.seconds:,.0f} rows/s of CPU time, {1e6 * row.seconds:.1f} µs each"
    )
    if limit.cpu_us:
        yield f"the limit is the two together: {limit.cpu_us:.0f} µs of CPU per request"
