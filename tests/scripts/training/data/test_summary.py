import json

from app.labelled.problems import Problem
from scripts.training.data.summary import summarise


def test_a_summary_counts_rows_by_label_problems_by_reason_and_duplicates(dataset):
    problems = (Problem("a:1", "empty text"), Problem("a:2", "no tab"), Problem("b:7", "empty text"))
    summary = summarise(dataset([("x", 0), ("y", 0), ("z", 1)], [("x", 0)], problems=problems))
    assert summary["train_rows"] == {"negative": 2, "positive": 1}
    assert summary["test_rows"] == {"negative": 1, "positive": 0}
    assert summary["problems"] == 3
    assert summary["problem_reasons"] == {"empty text": 2, "no tab": 1}
    assert summary["duplicates"] == {"train": 0, "test": 0, "shared": 1, "contradictory": 0}


def test_a_summary_is_ready_for_json(dataset):
    summary = summarise(dataset([("x", 0), ("z", 1)], [("x", 0)]))
    assert json.loads(json.dumps(summary)) == summary
