import numpy as np
import pytest

from scripts.training.buckets import buckets_of, by_bucket, count_tokens, trimmed

TOKENS = np.array([[0, 0, 0, 0, 0, 5], [1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 0], [0, 0, 0, 3, 1, 3]])


def test_padding_is_not_counted():
    assert count_tokens(TOKENS).tolist() == [1, 6, 0, 3]


@pytest.mark.parametrize(("tokens", "bucket"), [(0, 2), (2, 2), (3, 4), (4, 4), (5, 6), (6, 6)])
def test_a_bucket_holds_up_to_its_own_length(tokens, bucket):
    assert buckets_of(np.array([tokens]), (2, 4, 6)).tolist() == [bucket]


def test_rows_stand_with_those_of_their_bucket_and_lose_the_padding_in_front_of_it():
    groups = by_bucket(TOKENS, (2, 4, 6))
    assert [rows.tolist() for rows in groups] == [[0, 2], [3], [1]]
    assert [trimmed(TOKENS[rows], (2, 4, 6)).tolist() for rows in groups] == [
        [[0, 5], [0, 0]],
        [[0, 3, 1, 3]],
        [[1, 2, 3, 4, 5, 6]],
    ]


def test_images_are_all_of_one_kind():
    (rows,) = by_bucket(TOKENS, ())
    assert rows.tolist() == [0, 1, 2, 3]
    assert trimmed(TOKENS, ()) is TOKENS
