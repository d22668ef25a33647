"""From texts to the ids of their words, as the tokenizer library has them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from app.processing import words
from app.processing.words import Words, word_normaliser, word_splitter

VOCABULARY = ["[PAD]", "[UNK]", "good", "film", "dont", "cafe", "好", "1", "br", "i", "pad"]
OMITTED = ("the", "it", "的", "i")


def tokenizer_of(omitted=OMITTED, unknown="[UNK]"):
    model = models.WordLevel({word: number for number, word in enumerate(VOCABULARY)}, unk_token=unknown)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = word_normaliser(omitted)
    tokenizer.pre_tokenizer = word_splitter()
    return tokenizer


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Good FILM", [2, 3]),
        ("good,film!!good", [2, 3, 2]),
        ("don't DON\u2019T", [4, 4]),
        ("Café cafe\u0301 ＣＡＦＥ", [5, 5, 5]),
        ("好好film", [6, 6, 3]),
        ("The good; it is the film, 好的", [2, 1, 3, 6]),
        ("good<br />film<BR>br", [2, 3, 8, 8]),
        ("[PAD] [UNK]", [10, 1]),
        ("go\x00od\u200b \ufeffunheard", [2, 1]),
        ("", []),
        (" \t?!", []),
    ],
)
def test_words_are_found_in_what_people_write(text, ids):
    assert Words.of(tokenizer_of()).ids(text) == ids


SPECIAL = "".join(VOCABULARY) + " <br/>'\u2019\x00\u0301\u200bİıŉ\u1100\u1161가\ufb01Ǆ"


@given(st.text(max_size=40) | st.text(st.sampled_from(SPECIAL), max_size=40))
@example("＜br＞ <br\u00a0/>")
@example("a\u0300\u0301b q\u0307")
def test_ids_are_those_of_the_library(text):
    tokenizer = tokenizer_of()
    assert Words.of(tokenizer).ids(text) == tokenizer.encode(text, add_special_tokens=False).ids


def test_every_character_there_is_may_come_without_the_rest_being_forgotten_for_ever(monkeypatch):
    monkeypatch.setattr(words, "MOST_CHARACTERS", 4)
    found = Words.of(tokenizer_of())
    assert found.ids("abcdefgh 好film") == found.ids("abcdefgh 好film") == [1, 6, 3]
    assert len(found._characters) <= 4


def test_a_saved_tokenizer_is_known_again(tmp_path):
    path = tmp_path / "tokenizer.json"
    for omitted in ((), OMITTED):
        tokenizer_of(omitted).save(str(path))
        assert Words.of(Tokenizer.from_file(str(path))).ids("the good") == ([2] if omitted else [1, 2])


def with_special_token(tokenizer):
    tokenizer.add_special_tokens(["[PAD]"])


def with_another_normaliser(tokenizer):
    tokenizer.normalizer = normalizers.Lowercase()


def with_none(tokenizer):
    tokenizer.normalizer = None


def with_another_splitter(tokenizer):
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()


def with_another_model(tokenizer):
    tokenizer.model = models.WordPiece({"[UNK]": 0})


def without_the_unknown_word(tokenizer):
    tokenizer.model = models.WordLevel({"good": 0}, unk_token="[UNK]")


@pytest.mark.parametrize(
    "change",
    [
        with_special_token,
        with_another_normaliser,
        with_none,
        with_another_splitter,
        with_another_model,
        without_the_unknown_word,
    ],
)
def test_a_tokenizer_that_works_in_another_way_is_left_to_the_library(change):
    tokenizer = tokenizer_of()
    change(tokenizer)
    assert Words.of(tokenizer) is None
