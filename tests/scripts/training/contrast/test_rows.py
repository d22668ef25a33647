import numpy as np
import pytest

pytest.importorskip("keras", reason="training needs the tensorflow extra")

from scripts.training.contrast.rows import contrast_rows
from scripts.training.data.types import Split
from scripts.training.recipe import Contrast

THINGS = ("film", "plot", "music", "actor", "end")
ENGLISH = [
    (f"We saw it. The {thing} was {word}.", word == "lovely") for thing in THINGS for word in ("lovely", "awful")
]
CHINESE = [(f"{thing}很{word}。", word == "周到") for thing in "饭店茶水灯" for word in ("周到", "糟糕")]
SETTINGS = Contrast(clauses=4, min_rows=5, least_ratio=1.0)


def split(rows):
    return Split([text for text, _ in rows], np.array([target for _, target in rows], np.int64))


def made(rows, settings=SETTINGS, seed=1):
    split_of = contrast_rows(settings, split(rows), seed)
    return list(zip(split_of.inputs, split_of.targets.tolist(), strict=True))


def test_a_plain_clause_says_what_its_word_says_and_its_negation_the_opposite():
    single = [(text, target) for text, target in made(ENGLISH) if ("lovely" in text) != ("awful" in text)]
    assert len(single) == 2 * 2 * SETTINGS.clauses
    for text, target in single:
        is_negated = any(word in text for word in (" not ", "wasn't", " never "))
        assert target == (("lovely" in text) != is_negated), text


def test_of_two_opposed_clauses_the_second_counts():
    opposed = [(text, target) for text, target in made(ENGLISH) if "lovely" in text and "awful" in text]
    assert len(opposed) == 8
    assert all(target == (text.index("lovely") > text.index("awful")) for text, target in opposed)


def test_both_languages_give_as_many_clauses_of_either_side_as_are_wanted():
    rows = made(ENGLISH + CHINESE)
    assert len(rows) == 2 * 3 * 2 * SETTINGS.clauses
    assert np.mean([target for _, target in rows]) == 0.5


def test_no_word_comes_more_often_than_the_recipe_allows():
    rows = made(CHINESE, Contrast(clauses=4, min_rows=5, least_ratio=1.0, same_word=2))
    assert len(rows) == 3 * 2 * 2


def test_words_that_stand_in_few_clauses_or_on_both_sides_tell_nothing():
    assert made(ENGLISH, Contrast(clauses=4, min_rows=6, least_ratio=1.0)) == []
    assert made([(text, number // 2 % 2) for number, (text, _) in enumerate(ENGLISH * 2)]) == []


def test_the_same_seed_makes_the_same_rows_and_another_one_others():
    assert made(ENGLISH) == made(ENGLISH)
    assert made(ENGLISH) != made(ENGLISH, seed=2)
