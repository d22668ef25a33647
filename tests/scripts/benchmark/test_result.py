"""Aims, ratios, tables."""

from scripts.benchmark.result import Aim, at_least, at_most, markdown_table, median_ratio


def test_a_ratio_is_held_against_its_bound():
    assert at_least("speed", 1.6, 1.6) == Aim("speed", "≥ 1.6", "1.60", True)
    assert at_least("speed", 1.59, 1.6).holds is False
    assert at_most("p50", 0.1, 1 / 6, detail="1 / 10 ms") == Aim("p50", "≤ 0.167", "0.10 (1 / 10 ms)", True)
    assert at_most("p50", 0.2, 1 / 6).holds is False


def test_runs_with_errors_reach_no_aim():
    assert at_least("speed", 9.0, 1.0, errors=2) == Aim("speed", "≥ 1", "9.00; invalid: 2 errors", False)
    assert at_most("p50", 0.0, 1.0, errors=1).holds is False


def test_ratios_are_taken_round_by_round():
    assert median_ratio([10, 40, 90], [10, 20, 30]) == 2.0


def test_nothing_to_compare_with_is_no_speed():
    assert median_ratio([10.0], [0.0]) == 0.0


def test_a_table_is_markdown():
    assert markdown_table([["a", "b"], ["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
