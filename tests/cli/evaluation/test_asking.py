import dataclasses
import io
import sys

import numpy as np
import pytest

from app.cli.evaluation import asking
from app.cli.evaluation.asking import ask_all
from app.errors import InferenceFailed
from app.inference.runtimes.fake import FakeRuntime
from app.labelled.problems import Problem
from app.labelled.reading import Labelled


def labelled(*texts):
    return Labelled(texts, ["positive"] * len(texts), [f"a.csv:{row}" for row in range(2, len(texts) + 2)])


def answering(served, run):
    return dataclasses.replace(served, runtime=FakeRuntime(served.signature, run))


def test_all_rows_are_answered_and_stand_in_the_files_order(opened, monkeypatch):
    monkeypatch.setattr(asking, "CHUNK_ROWS", 3)
    answers = ask_all([opened("sentiment")], labelled(*["good", "bad"] * 10))
    assert answers.rows == tuple(range(20))
    assert [told["label"] for told in answers.predictions[0]] == ["positive", "negative"] * 10
    assert (answers.problems, answers.is_whole, len(answers.seconds)) == ((), True, 1)


def test_a_row_that_one_of_two_models_cannot_answer_counts_for_neither(opened):
    served = opened("sentiment")

    def hates_bad(tensors):
        if (tensors["tokens"] == 3).any():
            raise InferenceFailed("it hates that word")
        return {"probabilities": np.full((len(tensors["tokens"]), 1), 0.9, np.float32)}

    answers = ask_all([served, answering(served, hates_bad)], labelled("good", "bad", "film"))
    assert answers.rows == (0, 2)
    assert [len(told) for told in answers.predictions] == [2, 2]
    assert answers.problems == (Problem("a.csv:3", "it hates that word"),)


@pytest.mark.parametrize(("calls", "rows"), [(3, 6), (0, 0)])
def test_ctrl_c_keeps_what_was_answered(opened, monkeypatch, calls, rows):
    monkeypatch.setattr(asking, "CHUNK_ROWS", 2)
    told = iter(range(calls))

    def until_interrupted(model, inputs):
        if next(told, None) is None:
            raise KeyboardInterrupt
        return [{"label": "positive", "score": 1.0, "probabilities": {}}] * len(inputs)

    monkeypatch.setattr(asking, "answer", until_interrupted)
    answers = ask_all([opened("sentiment")], labelled(*["good"] * 9))
    assert (len(answers.rows), answers.is_whole) == (rows, False)
    assert list(answers.rows) == sorted(answers.rows)


def test_the_rows_of_an_interrupted_run_are_not_the_files_first(opened, monkeypatch):
    monkeypatch.setattr(asking, "CHUNK_ROWS", 50)
    seen = []

    def first_chunk(model, inputs):
        if seen:
            raise KeyboardInterrupt
        seen.extend(inputs)
        return [{"label": "positive", "score": 1.0, "probabilities": {}}] * len(inputs)

    monkeypatch.setattr(asking, "answer", first_chunk)
    answers = ask_all([opened("sentiment")], labelled(*map(str, range(500))))
    assert 10 < np.mean(answers.rows) / 50 * 10 < 90
    assert max(answers.rows) > 250


def test_progress_is_shown_on_a_terminal(opened, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    ask_all([opened("sentiment")], labelled("good", "bad"))
    assert "sentiment/1" in sys.stderr.getvalue()
    assert "2/2" in sys.stderr.getvalue()
