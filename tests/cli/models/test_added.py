import json
from dataclasses import replace

import pytest

from app.cli.models.added import report_text, to_json
from app.cli.models.meaning import Meaning
from app.conversion.result import Parity


@pytest.fixture
def added(add, onnx_file):
    found = add(onnx_file("topic"), "news", labels="a,b,c,d")
    parity = {"tensorflow": Parity(64, 2e-7), "onnx": "no such operation"}
    return replace(found, made=replace(found.made, parity=parity))


def test_the_text_says_what_was_added_how_it_compares_and_what_comes_next(added, models):
    text = report_text(added)
    assert text.startswith(f"news/1 from {added.source.path}\n")
    assert "  input    tokens int32 [-1, 6]\n" in text
    assert "  labels   a, b, c, d\n" in text
    assert "  parity   tensorflow differs by 2e-07 at most over 64 rows\n" in text
    assert "  parity   onnx left out: no such operation\n" in text
    assert "Plan: onnx, 1 thread" in text
    assert f"Serve it: horngate serve --models-dir {models}" in text


def test_labels_that_were_left_out_are_told(added):
    noted = replace(added, meaning=Meaning("tensor", note="labels.txt is left out: too few"))
    assert "labels.txt is left out: too few" in report_text(noted).splitlines()


def test_json_has_the_same(added):
    document = json.loads(to_json(added))
    assert (document["model"], document["task"], document["labels"]) == ("news/1", "tensor", ["a", "b", "c", "d"])
    assert document["parity"] == {"tensorflow": {"rows": 64, "max_abs_diff": 2e-7}, "onnx": "no such operation"}
    assert document["signature"]["outputs"][0]["shape"] == [None, 4]
    assert document["calibration"]["plan"]["runtime"] == "onnx"
