import random

import pytest

from scripts.training.contrast.grammar import CHINESE, ENGLISH, Clause, contracted


def found(grammar, text):
    return [(clause.before, clause.sign, clause.word) for clause in grammar.clauses(text)]


def negations(grammar, clause):
    return {grammar.negated(clause, random.Random(seed)) for seed in range(100)}


def test_english_clauses_end_in_a_word_after_a_form_of_to_be():
    text = "the plot was thin, the music is really lovely! we went home.<br />they were so bored"
    assert found(ENGLISH, text) == [
        ("the plot ", "was ", "thin"),
        ("the music ", "is really ", "lovely"),
        ("they ", "were so ", "bored"),
    ]


def test_chinese_clauses_end_in_a_word_after_a_word_of_degree():
    assert found(CHINESE, "服务很周到，房间非常干净。电视 早餐比较差了") == [
        ("服务", "很", "周到"),
        ("房间", "非常", "干净"),
        ("早餐", "比较", "差"),
    ]


@pytest.mark.parametrize(
    ("grammar", "text"),
    [
        (ENGLISH, "it was not good. the film isn't great. nothing was good. if it was good"),
        (ENGLISH, "the film is too long. how good it was. it would be great"),
        (ENGLISH, f"the {'very ' * 9}old film was good"),
        (CHINESE, "服务不是很好，虽然房间很好，本来以为很好"),
        (CHINESE, "很好，东西很不错"),
    ],
)
def test_clauses_that_are_turned_already_or_have_no_subject_are_left_alone(grammar, text):
    assert found(grammar, text) == []


def test_english_negations_keep_the_verb_and_drop_the_word_of_degree():
    assert negations(ENGLISH, Clause("the music ", "was so ", "lovely")) == {
        "the music was not lovely",
        "the music was not lovely at all",
        "the music was not that lovely",
        "the music was never lovely",
    }
    assert "the music is not lovely" in negations(ENGLISH, Clause("the music ", "is very ", "lovely"))


def test_chinese_negations_stand_in_place_of_the_word_of_degree():
    said = negations(CHINESE, Clause("服务", "很", "周到"))
    assert {"服务不周到", "服务一点也不周到", "服务不是很周到"} <= said
    assert not any("很" in text and "不是很" not in text for text in said)


def test_a_negated_form_of_to_be_is_contracted_as_most_people_write_it():
    assert contracted("the music was not lovely") == "the music wasn't lovely"
    assert contracted("the music is lovely") == "the music is lovely"
