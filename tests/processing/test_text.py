"""From texts to token ids."""

import numpy as np
import pytest
from tokenizers import Tokenizer

from app.errors import ModelInvalid
from app.processing.text import CHARACTERS_PER_TOKEN, PADDING_ID, TextEncoder

PAD, UNKNOWN, GOOD, BAD, FILM = range(5)


@pytest.fixture
def encoder_of(tiny_models):
    """Makes an encoder of length 6 with the tiny vocabulary."""
    path = tiny_models / "sentiment" / "1" / "tokenizer.json"
    return lambda keep="tail", length=6: TextEncoder.from_file(path, length, keep)


def test_padding_stands_in_front(encoder_of):
    ids = encoder_of().encode(["good film", "bad"])
    assert ids.tolist() == [[0, 0, 0, 0, GOOD, FILM], [0, 0, 0, 0, 0, BAD]]
    assert ids.dtype == np.int32
    assert PADDING_ID == PAD


@pytest.mark.parametrize(("keep", "expected"), [("head", [GOOD] * 4 + [BAD] * 2), ("tail", [BAD] * 6)])
def test_the_far_end_of_a_long_text_is_cut_off(encoder_of, keep, expected):
    assert encoder_of(keep).encode(["good good good good bad bad bad bad bad bad"]).tolist() == [expected]


def test_unknown_words_have_an_id_of_their_own(encoder_of):
    assert encoder_of().encode(["a good thing"]).tolist() == [[0, 0, 0, UNKNOWN, GOOD, UNKNOWN]]


def test_chinese_is_read_character_by_character(encoder_of):
    assert encoder_of().encode(["好，坏"]).tolist() == [[0, 0, 0, 7, UNKNOWN, 8]]


def test_a_text_without_tokens_is_a_row_of_padding(encoder_of):
    assert encoder_of().encode(["", "   "]).tolist() == [[0] * 6] * 2


def test_no_texts_give_no_rows(encoder_of):
    assert encoder_of().encode([]).shape == (0, 6)


def test_a_text_is_encoded_alike_alone_and_among_others(encoder_of):
    texts = ["good film", "", "bad " * 1000, "好" * 5000, "an unknown word"]
    encoder = encoder_of()
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.array_equal(encoder.encode(texts), alone)


WORDS = "good film bad " * 15_000


@pytest.mark.parametrize("keep", ["head", "tail"])
@pytest.mark.parametrize(
    "text",
    [WORDS[:200_000], "好坏" * 100_000, "x" * 200_000, " ".join(["x" * 31, "good"] * 6000)[:200_000]],
    ids=["words", "Chinese", "one word", "long words"],
)
def test_a_text_of_200_000_characters_costs_no_more_than_the_end_that_is_kept(encoder_of, text, keep):
    encoder = encoder_of(keep)
    window = encoder.length * CHARACTERS_PER_TOKEN
    assert len(encoder._cut(text, window)) <= window
    end = text[-window:] if keep == "tail" else text[:window]
    whole = Tokenizer.from_str(encoder._tokenizer.to_str())
    whole.no_truncation()
    ids = whole.encode(text, add_special_tokens=False).ids
    expected = ids[-6:] if keep == "tail" else ids[:6]
    assert encoder.encode([text])[0, -len(expected) :].tolist() == expected
    assert encoder.encode([end])[0, -len(expected) :].tolist() == expected


def test_the_word_that_the_cut_goes_through_is_left_out(encoder_of):
    encoder = encoder_of("tail", 2)
    text = "x" * 40 + "good " + "y" * (2 * CHARACTERS_PER_TOKEN - 7)
    assert encoder._cut(text, 64).split() == ["y" * 57]
    encoder = encoder_of("head", 2)
    assert encoder._cut("y" * 61 + " good", 64).split() == ["y" * 61]


@pytest.mark.parametrize("keep", ["head", "tail"])
@pytest.mark.parametrize("space", [" ", "\n", "\u3000"])
def test_white_space_around_a_text_is_not_what_is_kept_of_it(encoder_of, keep, space):
    text = space * 5000 + "good film" + space * 5000
    assert encoder_of(keep).encode([text]).tolist() == [[0, 0, 0, 0, GOOD, FILM]]


def test_the_vocabulary_counts_padding_and_unknown(encoder_of):
    assert encoder_of().vocabulary_size == 9


@pytest.mark.parametrize("content", ["", "{", "{}", "not a tokenizer"])
def test_a_file_that_is_no_tokenizer_is_an_invalid_model(tmp_path, content):
    path = tmp_path / "tokenizer.json"
    path.write_text(content)
    with pytest.raises(ModelInvalid, match=r"tokenizer\.json is not a tokenizer file"):
        TextEncoder.from_file(path, 6)


def test_a_missing_file_is_an_invalid_model(tmp_path):
    with pytest.raises(ModelInvalid, match="not a tokenizer file"):
        TextEncoder.from_file(tmp_path / "tokenizer.json", 6)
