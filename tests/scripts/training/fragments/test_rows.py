import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs the train extra")

from scripts.training.data.types import Split
from scripts.training.fragments.rows import fragment_rows
from scripts.training.recipe import Fragments

SHORT = [f"the {thing} is {word} today" for thing in ("film", "plot", "room", "food") for word in ("good", "bad")]
CHINESE = [f"这个{thing}很{word}呢" for thing in ("店", "饭", "茶", "灯") for word in ("好", "差")]
LONG = "it was good, " * 20 + "but the end was bad."
TEXTS = [*SHORT, *CHINESE, LONG]
TRAINING = Split(TEXTS, np.array([1, 0] * 8 + [1], np.int64))
SETTINGS = Fragments(package="made_up", count=40, taught_by=40, strength=1.0)


class Reader:
    """What stands in for the encoder: one number for praise, one for blame; it keeps what it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, texts):
        self.asked.append(list(texts))
        praise = np.array([[text.count("good") + text.count("好") for text in texts]], np.float32)
        blame = np.array([[text.count("bad") + text.count("差") for text in texts]], np.float32)
        return np.concatenate([praise, blame]).T


def test_fragments_have_the_teachers_probability_and_not_their_texts_label():
    rows = fragment_rows(SETTINGS, TRAINING, 1, Reader())
    assert len(rows.inputs) > 10
    for text, target in zip(rows.inputs, rows.targets, strict=True):
        praises, blames = ("good" in text or "好" in text), ("bad" in text or "差" in text)
        if praises != blames:
            assert (target > 0.5) == praises, text
            assert 0 < target < 1


def test_the_teacher_learns_from_short_texts_only():
    reader = Reader()
    fragment_rows(SETTINGS, TRAINING, 1, reader)
    assert sorted(reader.asked[0]) == sorted([*SHORT, *CHINESE])


def test_each_language_gives_at_most_half():
    reader = Reader()
    few = Fragments(package="made_up", count=4, taught_by=12, strength=1.0)
    rows = fragment_rows(few, TRAINING, 1, reader)
    assert sum(text in CHINESE for text in reader.asked[0]) == 6
    assert len(rows.inputs) <= 4
    assert len(reader.asked[1]) == len(rows.inputs)


def test_the_same_seed_gives_the_same_rows():
    first, again = (fragment_rows(SETTINGS, TRAINING, 5, Reader()) for _ in "ab")
    assert first.inputs == again.inputs
    np.testing.assert_array_equal(first.targets, again.targets)
