"""From texts to token ids."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import text as texts
from tokenizers import Tokenizer
from tokenizers.models import WordLevel, WordPiece
from tokenizers.pre_tokenizers import Whitespace

from app.errors import ModelInvalid
from app.processing.text import CHARACTERS_PER_TOKEN, PADDING_ID, TextEncoder, Token
from app.processing.words import word_normaliser, word_splitter

PAD, UNKNOWN, GOOD, BAD, FILM = range(5)


@pytest.fixture
def encoder_of(tiny_models):
    """Makes an encoder of length 6 with the tiny vocabulary."""
    path = tiny_models / "sentiment" / "1" / "tokenizer.json"
    return lambda keep="tail", length=6, buckets=(): TextEncoder.from_file(path, length, keep, buckets)


def ids_of(encoder, texts):
    """The only group's ids; without buckets there is but one."""
    (group,) = encoder.encode(texts, "tokens").groups
    return group["tokens"]


def test_padding_stands_in_front(encoder_of):
    ids = ids_of(encoder_of(), ["good film", "bad"])
    assert ids.tolist() == [[0, 0, 0, 0, GOOD, FILM], [0, 0, 0, 0, 0, BAD]]
    assert ids.dtype == np.int32
    assert PADDING_ID == PAD


@pytest.mark.parametrize(("keep", "expected"), [("head", [GOOD] * 4 + [BAD] * 2), ("tail", [BAD] * 6)])
def test_the_far_end_of_a_long_text_is_cut_off(encoder_of, keep, expected):
    assert ids_of(encoder_of(keep), ["good good good good bad bad bad bad bad bad"]).tolist() == [expected]


def test_unknown_words_have_an_id_of_their_own(encoder_of):
    assert ids_of(encoder_of(), ["a good thing"]).tolist() == [[0, 0, 0, UNKNOWN, GOOD, UNKNOWN]]


def test_chinese_is_read_character_by_character(encoder_of):
    assert ids_of(encoder_of(), ["好，坏"]).tolist() == [[0, 0, 0, 7, UNKNOWN, 8]]


def test_a_text_without_tokens_is_a_row_of_padding(encoder_of):
    assert ids_of(encoder_of(), ["", "   "]).tolist() == [[0] * 6] * 2


def test_no_texts_give_no_rows(encoder_of):
    rows = encoder_of().encode([], "tokens")
    assert (rows.groups, rows.cells, rows.padding) == ((), 0, 0)


BUCKETS = (2, 4, 6)


@pytest.mark.parametrize(("words", "bucket"), [(0, 2), (1, 2), (2, 2), (3, 4), (4, 4), (5, 6), (6, 6), (7, 6), (99, 6)])
def test_a_text_is_padded_to_the_shortest_bucket_that_it_fits_into(encoder_of, words, bucket):
    (group,) = encoder_of(buckets=BUCKETS).encode(["good " * words], "tokens").groups
    kept = min(words, 6)
    assert group["tokens"].tolist() == [[PAD] * (bucket - kept) + [GOOD] * kept]


def test_rows_of_one_bucket_stand_together_and_their_places_tell_where_they_came_from(encoder_of):
    texts = ["good " * 6, "bad", "good bad film", "", "film " * 5]
    rows = encoder_of(buckets=BUCKETS).encode(texts, "tokens")
    assert [group["tokens"].shape for group in rows.groups] == [(2, 2), (1, 4), (2, 6)]
    assert [group["tokens"].dtype for group in rows.groups] == [np.int32] * 3
    assert rows.places.tolist() == [1, 3, 2, 0, 4]
    assert rows.groups[0]["tokens"].tolist() == [[PAD, BAD], [PAD, PAD]]
    assert (rows.cells, rows.padding) == (2 * 2 + 4 + 2 * 6, 1 + 2 + 1 + 0 + 1)


def test_rows_of_one_bucket_alone_are_in_order(encoder_of):
    rows = encoder_of(buckets=BUCKETS).encode(["good film bad", "bad bad bad bad"], "tokens")
    assert rows.places is None
    assert rows.groups[0]["tokens"].tolist() == [[PAD, GOOD, FILM, BAD], [BAD] * 4]
    assert (rows.cells, rows.padding) == (8, 1)


def test_a_texts_bucket_does_not_depend_on_what_else_is_asked(encoder_of):
    encoder = encoder_of(buckets=BUCKETS)
    texts = ["good film", "", "bad " * 1000, "好" * 5, "an unknown word", "good"]
    rows = encoder.encode(texts, "tokens")
    together = [row for group in rows.groups for row in group["tokens"]]
    for place, row in zip(rows.places, together, strict=True):
        (alone,) = encoder.encode([texts[place]], "tokens").groups
        assert alone["tokens"].tolist() == [row.tolist()]


def test_a_text_is_encoded_alike_alone_and_among_others(encoder_of):
    texts = ["good film", "", "bad " * 1000, "好" * 5000, "an unknown word"]
    encoder = encoder_of()
    alone = np.concatenate([ids_of(encoder, [text]) for text in texts])
    assert np.array_equal(ids_of(encoder, texts), alone)


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
    assert ids_of(encoder, [text])[0, -len(expected) :].tolist() == expected
    assert ids_of(encoder, [end])[0, -len(expected) :].tolist() == expected


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
    assert ids_of(encoder_of(keep), [text]).tolist() == [[0, 0, 0, 0, GOOD, FILM]]


@pytest.mark.parametrize("content", ["", "{", "{}", "not a tokenizer"])
def test_a_file_that_is_no_tokenizer_is_an_invalid_model(tmp_path, content):
    path = tmp_path / "tokenizer.json"
    path.write_text(content)
    with pytest.raises(ModelInvalid, match=r"tokenizer\.json is not a tokenizer file"):
        TextEncoder.from_file(path, 6)


def test_a_missing_file_is_an_invalid_model(tmp_path):
    with pytest.raises(ModelInvalid, match="not a tokenizer file"):
        TextEncoder.from_file(tmp_path / "tokenizer.json", 6)


@pytest.fixture
def word_encoder():
    """Makes an encoder of single words and Chinese characters, as the recipes' models have."""

    def make(length=50, keep="tail"):
        tokenizer = Tokenizer(WordLevel({"[PAD]": 0, "[UNK]": 1, "good": 2, "dont": 3, "好": 4}, unk_token="[UNK]"))
        tokenizer.normalizer, tokenizer.pre_tokenizer = word_normaliser(), word_splitter()
        return TextEncoder(tokenizer, length, keep)

    return make


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Good,  GOOD!!", ["Good", "GOOD"]),
        ("don’t <br /> be well-made", ["don’t", "be", "well", "made"]),
        ("😀 ｇｏｏｄ ﬁne café", ["ｇｏｏｄ", "ﬁne", "café"]),
        ("这部电影很好。good好", ["这", "部", "电", "影", "很", "好", "good", "好"]),
        ("½a of it", ["½a", "of", "it"]),
        ("!? …", []),
        ("", []),
    ],
)
def test_words_are_found_where_they_stand_in_the_text_as_it_was_typed(word_encoder, text, words):
    encoder = word_encoder()
    tokens = encoder.tokens(text)
    assert [text[token.start : token.end] for token in tokens] == words
    ids = [number for token in tokens for number in token.ids]
    assert ids_of(encoder, [text])[0].tolist()[50 - len(ids) :] == ids


@settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=texts(max_size=60))
def test_the_words_of_any_text_have_the_ids_of_its_row_and_stand_one_after_the_other(word_encoder, text):
    encoder = word_encoder()
    tokens = encoder.tokens(text)
    ids = [number for token in tokens for number in token.ids]
    assert ids_of(encoder, [text])[0].tolist() == [0] * (50 - len(ids)) + ids
    edges = [0, *(place for token in tokens for place in (token.start, token.end)), len(text)]
    assert edges == sorted(edges)


@pytest.mark.parametrize(("keep", "words"), [("head", ["a", "b"]), ("tail", ["good", "好"])])
def test_of_a_long_text_only_the_kept_words_are_found(word_encoder, keep, words):
    text = " a b " + "x " * 99 + "good 好 "
    assert [text[token.start : token.end] for token in word_encoder(2, keep).tokens(text)] == words


def test_the_pieces_of_one_word_are_one_token():
    tokenizer = Tokenizer(WordPiece({"[PAD]": 0, "[UNK]": 1, "un": 2, "##kind": 3, "man": 4}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    assert TextEncoder(tokenizer, 9).tokens("unkind man") == [Token(0, 6, (2, 3)), Token(7, 10, (4,))]
