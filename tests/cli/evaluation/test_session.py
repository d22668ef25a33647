import dataclasses

import pytest

from app.cli.evaluation import session
from app.cli.evaluation.asking import Answers, ask_all
from app.cli.evaluation.rows import Wanted
from app.cli.evaluation.session import run_evaluation
from app.labelled.errors import DataInvalid
from app.labelled.problems import Problem


def test_the_figures_are_those_of_what_is_served(evaluation):
    assert evaluation.name == "sentiment/1"
    assert evaluation.figures.accuracy.value == pytest.approx(3 / 5)
    assert evaluation.figures.neutral_share == pytest.approx(1 / 5)
    assert evaluation.figures.outside_neutral.value == pytest.approx(3 / 4)
    assert evaluation.figures.confusion == ((1, 0), (2, 2))
    assert evaluation.places == [f"d/reviews.csv:{line}" for line in range(2, 7)]
    assert (evaluation.asked_rows, evaluation.is_whole, evaluation.problems) == (5, True, ())


def test_what_was_left_out_is_told(tiny_models, write):
    path = write("d/a.csv", "text,label\ngood,positive\nbad\nbad,negative\nfilm,negative\n")
    found = run_evaluation(tiny_models, "sentiment", Wanted(path), "onnx")
    assert found.problems == (Problem("d/a.csv:3", "expected 2 columns; received 1"),)


def test_an_interrupted_run_has_the_figures_of_the_rows_until_then(tiny_models, reviews, monkeypatch):
    def interrupted(models, labelled):
        whole = ask_all(models, labelled)
        return dataclasses.replace(whole, rows=(0, 3), predictions=(whole.predictions[0][:2],), is_whole=False)

    monkeypatch.setattr(session, "ask_all", interrupted)
    found = run_evaluation(tiny_models, "sentiment", Wanted(reviews), None)
    assert (found.figures.rows, found.asked_rows, found.is_whole) == (2, 5, False)


def test_an_interruption_before_the_first_answer_leaves_nothing_to_tell(tiny_models, reviews, monkeypatch):
    monkeypatch.setattr(session, "ask_all", lambda *_: Answers((), (), (0.0,), (), is_whole=False))
    with pytest.raises(KeyboardInterrupt):
        run_evaluation(tiny_models, "sentiment", Wanted(reviews), None)


def test_images_that_are_mostly_broken_are_an_error_with_examples(tiny_models, write, tmp_path):
    for name in ("1/a.png", "7/b.png"):
        write(f"images/{name}", b"no image")
    with pytest.raises(DataInvalid, match=r"2 of 2 are broken \(1/a\.png: expected a PNG"):
        run_evaluation(tiny_models, "digit", Wanted(tmp_path / "images"), None)
