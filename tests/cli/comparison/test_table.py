import dataclasses

from app.cli.comparison.table import report_text


def test_the_report_shows_both_their_difference_and_the_test(comparison):
    text = report_text(comparison)
    assert text.startswith("sentiment/1 on onnx, 1 thread, batches of up to 8 rows\nsentiment/2 on onnx")
    assert "\nreviews.csv: 4 rows\n" in text
    assert ["accuracy", "0.7500", "0.2500"] in [line.split() for line in text.splitlines()]
    assert "sentiment/2 less sentiment/1: -0.5000 (" in text
    assert "Right in sentiment/1 alone: 3 rows; in sentiment/2 alone: 1\n" in text
    assert "McNemar's exact test: p = 0.625; chance explains it\n" in text
    assert text.endswith("They differ on 4 rows: d/reviews.csv:2, d/reviews.csv:3, d/reviews.csv:4, d/reviews.csv:5")


def test_of_many_rows_that_differ_the_first_ten_are_named(comparison):
    gap = dataclasses.replace(comparison.difference, differing=(0, 1, 2, 3) * 5, p_value=0.001)
    text = report_text(dataclasses.replace(comparison, difference=gap))
    assert "more than chance explains" in text
    assert "They differ on 20 rows: " in text
    assert text.endswith("d/reviews.csv:2, d/reviews.csv:3, …")


def test_models_that_agree_differ_on_no_row(comparison):
    gap = dataclasses.replace(comparison.difference, differing=())
    assert "They differ" not in report_text(dataclasses.replace(comparison, difference=gap))


def test_an_interrupted_run_says_how_much_it_saw(comparison):
    changed = dataclasses.replace(comparison, asked_rows=9, is_whole=False)
    assert "\nInterrupted: a random 4 of 9 rows\n" in report_text(changed)
