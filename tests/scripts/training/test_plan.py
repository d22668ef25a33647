import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from scripts.training.plan import choose_rows


def test_the_largest_short_batch_that_is_near_the_best_is_taken():
    assert choose_rows({1: 0.001, 8: 0.0012, 16: 0.0019, 32: 0.0037, 64: 0.0073}) == 16


def test_32_rows_where_short_batches_waste_too_much():
    assert choose_rows({1: 0.0015, 2: 0.0018, 32: 0.004, 64: 0.005}) == 32


def test_32_rows_where_no_batch_is_short():
    assert choose_rows({1: 0.01, 32: 0.2, 64: 0.4}) == 32
