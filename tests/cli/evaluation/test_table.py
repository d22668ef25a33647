import dataclasses

from app.cli.evaluation.table import report_text, running_text
from app.labelled.problems import Problem


def test_the_report_shows_every_figure(evaluation):
    text = report_text(evaluation)
    assert text.startswith("sentiment/1 on onnx, 1 thread, batches of up to 8 rows\nreviews.csv: 5 rows in ")
    assert "accuracy          0.6000 (0.2307–0.8824, 95 %)\n" in text
    assert "neutral           20.00% of the answers" in text
    assert "outside neutral   accuracy 0.7500 (" in text
    assert "label     rows  precision  recall      F1\nnegative     1     0.3333  1.0000  0.5000\n" in text
    assert text.endswith("          negative  positive\nnegative         1         0\npositive         2         2")


def test_what_was_left_out_and_why_another_runtime_ran_are_notes(evaluation):
    running = dataclasses.replace(evaluation.running, threads=2, why=("the plan is broken",))
    changed = dataclasses.replace(evaluation, running=running, problems=(Problem("a:3", "empty text"),))
    assert report_text(changed).endswith("\n\n1 left out: empty text (a:3)\nthe plan is broken")
    assert running_text(running) == "onnx, 2 threads, batches of up to 8 rows"


def test_an_interrupted_run_says_how_much_it_saw(evaluation):
    changed = dataclasses.replace(evaluation, asked_rows=9, is_whole=False)
    assert "\nInterrupted: a random 5 of 9 rows\n" in report_text(changed)


def test_where_no_answer_is_neutral_nothing_is_said_of_it(evaluation):
    figures = dataclasses.replace(evaluation.figures, neutral_share=0.0)
    assert "neutral  " not in report_text(dataclasses.replace(evaluation, figures=figures))


def test_where_all_answers_are_neutral_none_takes_a_side(evaluation):
    figures = dataclasses.replace(evaluation.figures, neutral_share=1.0, outside_neutral=None)
    assert "outside neutral" not in report_text(dataclasses.replace(evaluation, figures=figures))
