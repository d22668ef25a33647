"""One server's runs."""

from scripts.benchmark.sections.measured import Measured


def test_figures_are_medians_over_the_rounds(run_of):
    one = Measured("one", 1.0, {32: [run_of(rate=10), run_of(rate=30, errors=2), run_of(rate=20)]})
    assert one.each(32, "rate") == [10, 30, 20]
    assert one.median(32, "rate") == 20


def test_errors_add_up_over_runs_and_connections(run_of):
    one = Measured("one", 1.0, {1: [run_of(errors=1)], 32: [run_of(errors=2), run_of(errors=3)]})
    assert one.errors(32) == 5
    assert one.errors(1, 32) == 6
