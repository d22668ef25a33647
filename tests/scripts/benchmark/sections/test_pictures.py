"""PNG digits: the rate, or the share of the limit."""

import pytest

from app.bench.limit import RowCost
from scripts.benchmark.sections.limit import AgainstLimit
from scripts.benchmark.sections.pictures import aim_of
from scripts.benchmark.wrk import Run


def measured_of(run: Run, exchange: Run) -> AgainstLimit:
    """One round in which a row costs 40 µs."""
    return AgainstLimit([run], [exchange], [50_000.0], RowCost("a/1", {1: 4e-5}), 2)


@pytest.mark.parametrize(
    ("rate", "cpu", "errors", "holds"),
    [(2500, 1000, 0, True), (2499, 1000, 0, False), (100, 200, 0, True), (9000, 100, 1, False)],
)
def test_either_the_rate_or_the_share_is_enough(run_of, rate, cpu, errors, holds):
    measured = measured_of(run_of(rate=rate, cpu=cpu, errors=errors), run_of(cpu=60))
    assert aim_of(measured).holds is holds


def test_both_are_told(run_of):
    measured = measured_of(run_of(rate=2000, cpu=400), run_of(cpu=60))
    assert aim_of(measured).measured == "2000/s; 0.25 of the limit"
