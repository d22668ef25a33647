import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs the train extra")
pytest.importorskip("keras", reason="training needs the tensorflow extra")

from scripts.training.ngrams.counting import counts_of, runs_of, tokens_of

TEXTS = np.array([[0, 3, 4, 3, 4], [0, 0, 0, 0, 9], [0, 0, 0, 0, 0], [0, 0, 9, 9, 9]], np.int32)


def test_every_run_of_one_to_three_tokens_is_found_with_its_text():
    runs = runs_of(TEXTS, 10)
    found = [
        (row, [token for token in tokens if token])
        for row, tokens in zip(runs.rows.tolist(), tokens_of(runs.keys, 10).tolist(), strict=True)
    ]
    first = [[3], [4], [3], [4], [3, 4], [4, 3], [3, 4], [3, 4, 3], [4, 3, 4]]
    assert sorted(tokens for row, tokens in found if row == 0) == sorted(first)
    assert [tokens for row, tokens in found if row == 1] == [[9]]
    assert not [row for row, _ in found if row == 2]
    assert [tokens for row, tokens in found if row == 3] == [[9], [9], [9], [9, 9], [9, 9], [9, 9, 9]]


def test_keys_of_the_largest_vocabulary_are_exact():
    size = 1_000_000
    text = np.array([[size - 1, size - 2, size - 1]], np.int32)
    assert tokens_of(runs_of(text, size).keys, size)[-1].tolist() == [size - 1, size - 2, size - 1]


def test_runs_are_counted_by_text_and_others_left_out():
    counts = counts_of(runs_of(TEXTS, 10), np.array([3, 4, 9]), len(TEXTS)).toarray()
    np.testing.assert_array_equal(counts, [[2, 2, 0], [0, 0, 1], [0, 0, 0], [0, 0, 3]])
