import csv
import json

import pytest

from app.cli.evaluation.output import predictions_csv, to_json, write_file
from app.labelled.errors import DataError


def test_json_has_every_figure_to_six_decimals(evaluation):
    document = json.loads(to_json(evaluation))
    assert (document["model"], document["data"], document["rows"]) == ("sentiment/1", "reviews.csv", 5)
    assert document["accuracy"] == {"value": 0.6, "low": 0.230724, "high": 0.882379, "rows": 5}
    assert document["confusion"] == [[1, 0], [2, 2]]
    assert [one["label"] for one in document["per_label"]] == document["labels"] == ["negative", "positive"]
    assert (document["runtime"], document["is_whole"], document["left_out"], document["why"]) == ("onnx", True, [], [])


def test_every_row_has_a_line_in_the_csv(evaluation):
    lines = list(csv.DictReader(predictions_csv(evaluation).splitlines()))
    assert [line["answer"] for line in lines] == ["positive", "negative", "positive", "neutral", "negative"]
    assert lines[0] == {
        "place": "d/reviews.csv:2",
        "label": "positive",
        "answer": "positive",
        "score": "0.952574",
        "is_right": "true",
        "p(negative)": "0.047426",
        "p(positive)": "0.952574",
    }
    assert lines[4]["is_right"] == "false"


def test_a_file_that_cannot_be_written_is_one_line(tmp_path):
    write_file(tmp_path / "a.csv", "好\n")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "好\n"
    with pytest.raises(DataError, match=r"cannot write .*: Is a directory"):
        write_file(tmp_path, "")
