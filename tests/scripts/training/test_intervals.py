import numpy as np
import pytest

from scripts.training.intervals import bootstrap


def test_the_bootstrap_covers_the_mean_and_is_repeatable():
    values = np.random.default_rng(1).normal(3, 1, 400)

    def mean(rows):
        return {"mean": float(values[rows].mean())}

    low, high = bootstrap(mean, 400, 300, seed=5)["mean"]
    assert low < values.mean() < high
    assert high - low == pytest.approx(2 * 1.96 / 20, rel=0.2)
    assert bootstrap(mean, 400, 300, seed=5)["mean"] == (low, high)


def test_a_draw_without_the_figure_is_left_out():
    def measure(rows):
        return {"share": float("nan") if rows[0] == 0 else 1.0}

    assert bootstrap(measure, 4, 50, seed=0)["share"] == (1.0, 1.0)
