"""The two pictures of a measurement: latency over percentile, and latency over rate."""

from collections.abc import Sequence
from dataclasses import replace

from app.bench.axis import Axis, linear_axis, log_axis, nines, percentile_axis
from app.bench.chart import Line, draw
from app.bench.measurement import PERCENTILES, Measurement

POINTS = 120
LEAST_MS = 0.001
MOST_PERCENT = 99.99


def percentile_chart(measurements: Sequence[Measurement]) -> str:
    """Latency over percentile, a line for each step, as far as the step's number of requests can tell."""
    lines = [Line(one.step.name, _percentiles(one)) for one in measurements if one.counts.accepted.count]
    if not lines:
        return ""
    last = max(line.points[-1][0] for line in lines)
    axes = percentile_axis("requests answered within", last), _latency_axis(lines)
    return draw("Latency over percentile, a line for each step", *axes, lines)


def rate_chart(measurements: Sequence[Measurement]) -> str:
    """Latency percentiles over the rate, for steps of one kind of loop; empty where there are fewer than two.

    The rate is what was offered where the loop was open; else what was answered, each point with its connections.
    """
    measured = [one for one in measurements if one.counts.accepted.count]
    if len(measured) < 2:
        return ""
    is_open = measured[0].step.rate is not None
    if is_open:
        measured.sort(key=_rate)
    lines = [
        Line(
            f"p{percent:g}", [(_rate(one), max(one.latency_ms(percent), LEAST_MS)) for one in measured], has_marks=True
        )
        for percent in PERCENTILES
    ]
    if not is_open:
        lines[0] = replace(lines[0], labels=[f"{one.step.connections:,}" for one in measured])
    label = "offered requests per second" if is_open else "answered requests per second"
    return draw(f"Latency over {label}", linear_axis(label, max(map(_rate, measured))), _latency_axis(lines), lines)


def _rate(measurement: Measurement) -> float:
    """Where the step stands on the axis of rates."""
    return measurement.rate if measurement.step.rate is None else measurement.step.rate


def _percentiles(measurement: Measurement) -> list[tuple[float, float]]:
    """Points (percent, milliseconds), evenly spaced on the axis of nines, up to the last request but one."""
    last = min(nines(MOST_PERCENT), nines(100 * (1 - 1 / max(measurement.counts.accepted.count, 2))))
    percents = [100 * (1 - 10 ** (-last * point / POINTS)) for point in range(POINTS + 1)]
    return [(percent, max(measurement.latency_ms(percent), LEAST_MS)) for percent in percents]


def _latency_axis(lines: Sequence[Line]) -> Axis:
    """Milliseconds, logarithmic, around all lines."""
    values = [y for line in lines for _, y in line.points]
    return log_axis("latency, ms", min(values), max(values))
