"""The bare runtime on every core."""

from scripts.benchmark.bare import bare_rows_per_second


def test_rows_per_second_are_those_of_all_processes(tiny_models):
    assert bare_rows_per_second(tiny_models / "sentiment" / "1", batch=4, processes=2, seconds=0.05) > 0
