import random

import pytest

from scripts.training.fragments.cutting import fragment_of

TEXT = "The room was clean, the staff kind. We loved it!<br />很好，下次还来。"


def fragments(text):
    return {fragment_of(text, random.Random(seed)) for seed in range(200)}


def test_fragments_are_one_to_three_neighbouring_clauses_with_their_punctuation():
    found = fragments(TEXT)
    assert {"The room was clean,", "the staff kind. We loved it!", "很好，下次还来。"} <= found
    assert "The room was clean, the staff kind. We loved it!" in found
    assert "The room was clean, the staff kind. We loved it! 很好，" not in found
    assert not any(fragment and "<br" in fragment for fragment in found)


@pytest.mark.parametrize("text", ["", "...", "Good.", "word " * 31])
def test_nothing_is_cut_from_what_is_too_short_or_has_no_end(text):
    assert fragments(text) == {None}


def test_the_same_numbers_cut_the_same_fragments():
    assert [fragment_of(TEXT, random.Random(4)) for _ in range(3)] == [fragment_of(TEXT, random.Random(4))] * 3
