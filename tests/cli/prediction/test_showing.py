from pathlib import Path

from app.cli.prediction.session import Finished, Wanted
from app.cli.prediction.showing import answer_text, bars_of, finished_text

POSITIVE = {"label": "positive", "score": 0.75, "probabilities": {"negative": 0.25, "positive": 0.75}}


def test_what_came_of_a_file_is_told(text_model):
    wanted = Wanted(Path("a.csv"), Path("b.csv"))
    reasons = {"odd": 1, "broken": 2}
    stopped = Finished(text_model, wanted, 700, 512, 3, reasons, 2.0, is_whole=False)
    assert finished_text(stopped).splitlines() == [
        "sentiment/1 on onnx: 188 rows in 2.0 s, 94 rows/s",
        "512 rows were there from the run before",
        "Interrupted after 700 rows; go on with --resume",
        "3 rows have no answer; the column error of each says why:",
        "  2 × broken",
        "  1 × odd",
    ]
    empty = Finished(text_model, wanted, 0, 0, 0, {}, 2.0, is_whole=True)
    assert finished_text(empty) == "sentiment/1 on onnx: 0 rows in 2.0 s\nWritten: b.csv"


def test_an_answer_has_a_bar_for_each_class(text_model):
    lines = answer_text(text_model, POSITIVE).splitlines()
    assert "positive" in lines[0]
    assert "sentiment/1 on onnx" in lines[0]
    assert lines[1:] == [f"  negative  {'█' * 8}{' ' * 24} 0.2500", f"  positive  {'█' * 24}{' ' * 8} 0.7500"]


def test_of_many_classes_the_likeliest_are_shown():
    lines = list(bars_of({f"c{number}": number / 100 for number in range(12)}))
    assert lines[0].split()[0] == "c11"
    assert lines[-1] == "  … and 2 less likely ones"


def test_tensors_are_shown_shortened(tensor_model):
    text = answer_text(tensor_model(x=(2,)), {"outputs": {"scores": [0.5] * 1000}})
    assert text.startswith("mine/1 on onnx\n  scores  [0.5, ")
    assert text.endswith("…")


def test_a_picture_has_ten_bars(picture_model):
    told = {"digit": 7, "score": 0.55, "probabilities": [0.05] * 7 + [0.55, 0.05, 0.05]}
    assert len(answer_text(picture_model, told).splitlines()) == 11
