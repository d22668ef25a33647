"""Texts without each of their words."""

import numpy as np
import pytest

from app.explanations.words import WordOcclusion
from app.processing.text import TextEncoder

GOOD, BAD, FILM = 2, 3, 4


@pytest.fixture
def occlude(tiny_models):
    """Leaves out the words of a text, for a model of six words or of the buckets that are given."""
    path = tiny_models / "sentiment" / "1" / "tokenizer.json"

    def occlude(text, max_rows=64, length=6, buckets=()):
        return WordOcclusion.of(text, TextEncoder.from_file(path, length, buckets=buckets), "tokens", max_rows)

    return occlude


def told(occlusion):
    parts = np.arange(len(occlusion.runs), dtype=float)
    return occlusion.told(occlusion.contributions(parts), parts)


def test_the_rows_are_the_whole_nothing_and_each_word_left_out(occlude):
    occlusion = occlude("good film bad")
    assert occlusion.tensors["tokens"].tolist() == [
        [0, 0, 0, GOOD, FILM, BAD],
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, FILM, BAD],
        [0, 0, 0, 0, GOOD, BAD],
        [0, 0, 0, 0, GOOD, FILM],
    ]
    assert occlusion.tensors["tokens"].dtype == np.int32


def test_all_rows_have_the_length_of_the_texts_own_bucket(occlude):
    assert occlude("good film bad", buckets=(2, 4, 6)).tensors["tokens"].shape == (5, 4)


def test_each_word_is_told_with_its_place_in_the_text(occlude):
    content = told(occlude("A GOOD film: 好!"))
    assert [(word["token"], word["start"], word["end"]) for word in content["tokens"]] == [
        ("A", 0, 1),
        ("GOOD", 2, 6),
        ("film", 7, 11),
        (":", 11, 12),
        ("好", 13, 14),
        ("!", 14, 15),
    ]
    assert [word["contribution"] for word in content["tokens"]] == [0, 1, 2, 3, 4, 5]
    assert content["seen"] == {"start": 0, "end": 15}
    assert (content["method"]["tokens_together"], content["method"]["rows"]) == (1, 8)


@pytest.mark.parametrize("max_rows", [3, 4, 5, 7, 20])
@pytest.mark.parametrize("words", [1, 2, 17, 100])
def test_no_more_rows_are_run_than_may_be_and_every_word_is_left_out_once(occlude, max_rows, words):
    occlusion = occlude("good " * words, max_rows, length=200)
    content = told(occlusion)
    assert len(occlusion.tensors["tokens"]) == content["method"]["rows"] <= max_rows
    assert sum(len(part["token"].split()) for part in content["tokens"]) == words
    together = [len(part["token"].split()) for part in content["tokens"]]
    assert max(together) == content["method"]["tokens_together"]
    assert max(together) - min(together) <= 1
    assert len(together) == min(words, max_rows - 2)


def test_words_that_the_model_does_not_see_are_not_explained(occlude):
    content = told(occlude("bad bad " + "good film " * 3))
    assert [word["token"] for word in content["tokens"]] == ["good", "film"] * 3
    assert content["seen"] == {"start": 8, "end": 37}


def test_a_text_without_a_word_has_nothing_to_explain(occlude):
    occlusion = occlude(" ")
    content = told(occlusion)
    assert occlusion.tensors["tokens"].tolist() == [[0] * 6] * 2
    assert (content["tokens"], content["seen"]) == ([], {"start": 0, "end": 0})
