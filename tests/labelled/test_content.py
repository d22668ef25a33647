import pytest

from app.labelled.content import content_of, digest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Good film!", "good  FILM"),
        ("<br />Fine.", "br fine"),
        ("很好！", "很好"),
        ("ｆｉｎｅ", "fine"),
        ("Straße", "STRASSE"),
    ],
)
def test_case_width_spaces_and_punctuation_make_no_other_content(one, other):
    assert content_of(one) == content_of(other)


def test_texts_without_letters_are_told_apart():
    assert content_of("👍") != content_of("👎")
    assert content_of("!!") != content_of("??")


def test_other_words_are_another_content():
    assert content_of("good film") != content_of("bad film")


def test_a_digest_stands_for_its_content():
    assert digest(b"fine") == digest(b"fine") != digest(b"dull")
    assert len(digest(b"fine")) == 16
