"""How near a request comes to what it must cost."""

import pytest

from app.bench.limit import RowCost
from scripts.benchmark.sections.limit import AgainstLimit


@pytest.fixture
def against(run_of):
    """A server of 250 µs a request, an exchange of 60 µs, a row of 40 µs, on both of two cores."""

    def make(errors: int = 0) -> AgainstLimit:
        row = RowCost("sentiment/1", {1: 1e-4, 16: 3e-5})
        runs, exchanges = [run_of(cpu=250, errors=errors)] * 3, [run_of(rate=900, cpu=60)] * 3
        return AgainstLimit(runs, exchanges, [50_000.0] * 3, row, cores=2)

    return make


def test_the_limit_is_an_exchange_and_a_row_of_the_best_batch(against):
    assert against().limit_us == pytest.approx(100)
    assert against().share == pytest.approx(0.4)
    assert against().limit_rate == pytest.approx(20_000)


def test_the_share_is_taken_round_by_round(run_of):
    runs, exchanges = [run_of(cpu=cpu) for cpu in (100, 200, 400)], [run_of(cpu=cpu) for cpu in (10, 20, 40)]
    rows = [1e6 / cost for cost in (40, 80, 160)]
    measured = AgainstLimit(runs, exchanges, rows, RowCost("a/1", {1: 0.0}), cores=1)
    assert measured.share == pytest.approx(0.5)


def test_errors_of_server_and_exchange_add_up(against):
    assert against(errors=2).errors == 6


def test_the_table_shows_both_parts_and_their_sum(against):
    assert against().table()[1:] == [
        ["Horngate", "250", "100"],
        ["empty ASGI exchange, 2 processes", "60", "900"],
        ["a row of sentiment/1 in batches of 16", "40", "–"],
        ["the limit on 2 cores", "100", "20000"],
    ]
