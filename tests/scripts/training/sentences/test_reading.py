from collections import Counter

import pytest

from app.labelled.content import content_of
from app.labelled.errors import DataInvalid
from scripts.training.sentences.reading import LANGUAGES, STYLES, read_sentences


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("half", ["development", "held_out"])
def test_each_half_is_balanced_and_has_every_style(language, half):
    sentences = read_sentences(language, half)
    assert len(sentences) >= 60
    by_style = Counter((sentence.style, sentence.label) for sentence in sentences)
    for style in STYLES:
        assert by_style[style, "positive"] == by_style[style, "negative"] >= 5
    assert len({sentence.category for sentence in sentences}) >= 13


def test_no_sentence_stands_twice():
    texts = [
        content_of(sentence.text)
        for language in LANGUAGES
        for half in ("development", "held_out")
        for sentence in read_sentences(language, half)
    ]
    assert len(set(texts)) == len(texts) >= 240


@pytest.mark.parametrize("line", ["good\tfilm\tplain\tFine.", "positive\tfilm\tFine.", "positive\tfilm\tloud\tFine."])
def test_a_line_that_is_no_sentence_is_named(tmp_path, line):
    (tmp_path / "english_held_out.tsv").write_text(f"# head\n{line}\n", encoding="utf-8")
    with pytest.raises(DataInvalid, match=r"english_held_out.tsv, line 2: expected label"):
        read_sentences("english", "held_out", tmp_path)
