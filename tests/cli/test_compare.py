"""The command as users call it, with tiny models on real runtimes."""

import csv
import json

import pytest
from click.testing import CliRunner

from app.cli.compare import compare
from app.cli.comparison import session
from app.cli.evaluation.asking import Answers, ask_all

pytestmark = pytest.mark.usefixtures("bare_environment")


@pytest.fixture
def call(tmp_path, build_sentiment, write):
    """Calls `horngate compare` for two versions, the second of which has its labels the wrong way round."""
    build_sentiment(tmp_path / "models")
    build_sentiment(tmp_path / "models", version=2, labels=["positive", "negative"])
    data = write("d/reviews.csv", "text,label\ngood,positive\nbad,negative\nbad bad,positive\n")
    words = ["sentiment/1", "sentiment", str(data), "--models-dir", str(tmp_path / "models")]
    return lambda *more: CliRunner().invoke(compare, [*words, *map(str, more)])


def test_the_difference_is_printed_and_the_rows_that_differ_written(call, tmp_path):
    output = tmp_path / "differing.csv"
    result = call("--output", output)
    assert result.exit_code == 0, result.output
    assert "sentiment/2 less sentiment/1: -0.3333" in result.stdout
    assert len(list(csv.DictReader(output.read_text(encoding="utf-8").splitlines()))) == 3


def test_json_is_all_that_is_printed(call):
    document = json.loads(call("--json").stdout)
    assert [side["accuracy"]["value"] for side in document["sides"]] == [0.666667, 0.333333]


def test_after_ctrl_c_the_rows_that_were_answered_are_told(call, monkeypatch):
    def interrupted(models, labelled):
        whole = ask_all(models, labelled)
        return Answers((0, 1), tuple(told[:2] for told in whole.predictions), whole.seconds, (), is_whole=False)

    monkeypatch.setattr(session, "ask_all", interrupted)
    result = call()
    assert result.exit_code == 130
    assert "Interrupted: a random 2 of 3 rows" in result.stdout


def test_ctrl_c_before_the_first_answer_is_one_line(call, monkeypatch):
    monkeypatch.setattr(session, "ask_all", lambda *_: Answers((), (), (0.0, 0.0), (), is_whole=False))
    result = call()
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == "horngate: interrupted before the first row was answered\n"
