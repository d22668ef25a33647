import json

import pytest

pytest.importorskip("tensorflow", reason="conversion needs the tensorflow extra")

from app.conversion import child_main, convert
from app.conversion.child_main import main


@pytest.fixture
def answer(capsys, monkeypatch, tmp_path):
    """What the program prints last."""
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")

    def run(path, kind, signature="serving_default"):
        main([str(path), kind, signature, str(tmp_path)])
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    return run


def test_the_answer_is_json(answer, two_signatures):
    told = answer(two_signatures, "saved_model", "double")
    assert told["signature"]["inputs"] == [{"name": "x", "dtype": "float32", "shape": [None, 2]}]
    assert told["parity"]["tensorflow"] == {"rows": 64, "max_abs_diff": 0.0}
    assert told["probabilities"] == []


def test_what_is_wrong_with_the_source_is_the_answer_too(answer, two_signatures):
    assert answer(two_signatures, "saved_model", "doble")["error"].endswith("; name one with --signature")


def test_whatever_a_library_raises_is_told_in_short(answer, two_signatures, monkeypatch):
    def fail(*_):
        raise RuntimeError("x" * 5000)

    monkeypatch.setattr(convert, "convert", fail)
    told = answer(two_signatures, "keras")["error"]
    assert "cannot be converted: RuntimeError: xxx" in told
    assert len(told) == child_main.LONGEST_ERROR
