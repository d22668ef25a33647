import json

import click
import numpy as np
import pytest

from app.cli.explanation.showing import explanation_json, explanation_text
from app.client.explanations import Contribution, DigitExplanation, Scores, TextExplanation
from app.client.results import Classification, DigitReading, Origin, Timing

ORIGIN = Origin("sentiment", 1, Timing(), "id")
SCORES = {"score": 0.9, "baseline": 0.5, "sum": 0.5, "difference": 0.4}
METHOD = {"name": "occlusion"}
ODDS = Scores(2.2, 0.0, 2.5, 2.2)


@pytest.fixture
def of_text():
    tokens = (
        Contribution("good", 0, 4, 0.3, 3.0),
        Contribution("a very long run\nof words that were left out", 5, 40, -0.1, -1.5),
        Contribution("好", 41, 42, 0.0, 0.0),
    )
    prediction = Classification(ORIGIN, "positive", 0.9, {"negative": 0.1, "positive": 0.9})
    return TextExplanation(
        **SCORES, origin=ORIGIN, log_odds=ODDS, method=METHOD, prediction=prediction, explained="positive",
        tokens=tokens, seen=(0, 42),
    )  # fmt: skip


@pytest.fixture
def of_digit():
    shares, picture = np.zeros((28, 28)), np.zeros((28, 28))
    picture[3:6, :4] = 1
    shares[3, 0], shares[4, 0], shares[3, 1] = 1.0, -0.3, 0.3
    prediction = DigitReading(ORIGIN, 7, 0.9, (0.01,) * 7 + (0.9, 0.01, 0.02))
    return DigitExplanation(
        **SCORES, origin=ORIGIN, log_odds=ODDS, method=METHOD, prediction=prediction, explained=7,
        picture=picture, contributions=shares, log_odds_contributions=shares,
    )  # fmt: skip


def test_words_have_bars_to_either_side(text_model, of_text):
    lines = click.unstyle(explanation_text(text_model, of_text)).splitlines()
    assert lines[1] == "positive: 0.9000; with nothing of the input 0.5000"
    words = lines[3:6]
    assert words[0] == f"  good{' ' * 20}    +3.000  {' ' * 20}│{'█' * 20}"
    assert words[1].startswith("  a very long run of word…    -1.500  ")
    assert words[1].endswith(f"{'█' * 10}│")
    assert words[2] == f"  好{' ' * 22}    +0.000  {' ' * 20}│"
    assert lines[-1] == "In log-odds the parts add up to +2.500, of +2.200 that the whole input adds."


def test_a_picture_is_a_grid_of_what_speaks_for_and_against(picture_model, of_digit):
    lines = explanation_text(picture_model, of_digit).splitlines()
    grid = lines[3:31]
    assert grid[3:6] == ["██▒▒····", "==······", "········"]
    assert not any(grid[:3])
    assert lines[-1].startswith("░▒▓█ speak for 7, -=≡# against it")


@pytest.mark.parametrize("kind", ["of_text", "of_digit"])
def test_json_is_the_document_of_a_server(request, text_model, kind):
    document = json.loads(explanation_json(text_model, request.getfixturevalue(kind)))
    assert {"prediction", "explained", "score", "log_odds", "method", "model", "version"} <= document.keys()
    assert "origin" not in document["prediction"]
    if kind == "of_text":
        assert document["seen"] == {"start": 0, "end": 42}
    else:
        assert len(document["log_odds_contributions"]) == 28


def test_a_text_without_words_has_no_lines(text_model, of_text):
    from dataclasses import replace

    assert len(explanation_text(text_model, replace(of_text, tokens=())).splitlines()) == 5
