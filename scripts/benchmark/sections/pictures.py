"""PNG files of digits, one per request: requests per second, and the limit as for texts."""

from dataclasses import asdict

from scripts.benchmark.machine import Steal
from scripts.benchmark.result import Aim, Conditions, Section
from scripts.benchmark.sections.limit import CONNECTIONS, SHARE, AgainstLimit, run_against_limit

RATE = 2500.0


def measure_pictures(conditions: Conditions) -> Section:
    """A handwritten 7 as a PNG file."""
    steal = Steal()
    measured = run_against_limit(conditions, "digit", "png")
    return Section(
        f"PNG digits, {CONNECTIONS} connections",
        measured.table(),
        [aim_of(measured)],
        ["The limit holds no reading of a PNG file.", steal.note()],
        asdict(measured),
    )


def aim_of(measured: AgainstLimit) -> Aim:
    """Reached by the rate, or by the share of the limit where the machine is too slow for the rate."""
    rate = measured.median("rate", measured.runs)
    told = f"{rate:.0f}/s; {measured.share:.2f} of the limit"
    holds = (rate >= RATE or measured.share >= SHARE) and not measured.errors
    invalid = f"; invalid: {measured.errors} errors" if measured.errors else ""
    return Aim("PNG digits", f"≥ {RATE:,.0f}/s, or {SHARE:g} of the limit", told + invalid, holds)
