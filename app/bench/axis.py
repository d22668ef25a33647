"""The axes of a chart: where a value lies between 0 and 1, and where the ticks stand."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

NINES = ((0.0, "0 %"), (50.0, "50 %"), (90.0, "90 %"), (99.0, "99 %"), (99.9, "99.9 %"), (99.99, "99.99 %"))
DETAILED_SPAN = 30.0
"""Up to this ratio between its ends a logarithmic axis shows 1, 2 and 5 of each decade; beyond, the decades."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis; `place` maps a value to 0 (left, bottom) to 1 (right, top)."""

    label: str
    ticks: Sequence[tuple[float, str]]
    place: Callable[[float], float]


def linear_axis(label: str, highest: float) -> Axis:
    """From zero to a round number at or above `highest`."""
    step = _round_up(max(highest, 1e-9) / 5)
    count = math.ceil(highest / step - 1e-9) or 1
    end = step * count
    return Axis(label, [(step * tick, f"{step * tick:,.10g}") for tick in range(count + 1)], lambda value: value / end)


def log_axis(label: str, lowest: float, highest: float) -> Axis:
    """From a round number at or below `lowest`, which is above zero, to one at or above `highest`."""
    first, last = 1 / _round_up(1 / lowest), _round_up(highest)
    if first >= last:
        first, last = first / 2, last * 2
    digits = (1, 2, 5) if last / first <= DETAILED_SPAN else (1,)
    decades = range(math.floor(math.log10(first)) - 1, math.ceil(math.log10(last)) + 1)
    values = [digit * 10.0**decade for decade in decades for digit in digits]
    ticks = [(value, f"{value:,.10g}") for value in values if first * 0.999 <= value <= last * 1.001]
    low, span = math.log(first), math.log(last / first)
    return Axis(label, ticks, lambda value: (math.log(max(value, first)) - low) / span)


def percentile_axis(label: str, highest: float) -> Axis:
    """Percentiles so that 90, 99 and 99.9 stand equally far apart; `highest` is below 100."""
    end = nines(highest)
    ticks = [(percent, text) for percent, text in NINES if nines(percent) <= end + 1e-9]
    return Axis(label, ticks, lambda percent: nines(percent) / end)


def nines(percent: float) -> float:
    """How many nines: 90 has one, 99.9 three."""
    return -math.log10(1 - percent / 100)


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20 … at or above the value."""
    decade = 10.0 ** math.floor(math.log10(value))
    return next(digit * decade for digit in (1, 2, 5, 10) if digit * decade >= value * (1 - 1e-9))
