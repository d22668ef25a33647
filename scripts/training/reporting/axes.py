"""Axes whose ends are given."""

from app.bench.axis import Axis

STEPS = 5


def between(label: str, low: float, high: float) -> Axis:
    """From `low` to `high`, with six ticks; what lies beyond stands at the end."""
    span = high - low
    ticks = [low + span * step / STEPS for step in range(STEPS + 1)]
    return Axis(label, [(tick, f"{tick:.4g}") for tick in ticks], lambda value: min(max((value - low) / span, 0), 1))
