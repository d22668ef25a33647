import csv
import json

import pytest

from app.cli.comparison.output import differing_csv, to_json


def test_json_has_both_sides_and_their_difference(comparison):
    document = json.loads(to_json(comparison))
    assert [side["model"] for side in document["sides"]] == ["sentiment/1", "sentiment/2"]
    assert [side["accuracy"]["value"] for side in document["sides"]] == [0.75, 0.25]
    assert document["difference"]["p_value"] == pytest.approx(0.625)
    assert document["difference"]["differing"][0] == "d/reviews.csv:2"
    assert (document["asked_rows"], document["is_whole"], document["left_out"]) == (4, True, [])


def test_every_row_that_differs_has_a_line_in_the_csv(comparison):
    lines = list(csv.DictReader(differing_csv(comparison).splitlines()))
    assert [line["place"] for line in lines] == [f"d/reviews.csv:{row}" for row in range(2, 6)]
    assert lines[0] == {
        "place": "d/reviews.csv:2",
        "label": "positive",
        "sentiment/1 answer": "positive",
        "sentiment/1 score": "0.952574",
        "sentiment/2 answer": "negative",
        "sentiment/2 score": "0.952574",
    }
