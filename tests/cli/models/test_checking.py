"""What checking finds; the installed runtimes really answer."""

import json

import numpy as np
import pytest

from app.cli.models import checking
from app.cli.models.checking import check_models, report_text, to_json
from app.inference.calibration.conditions import Conditions
from app.inference.runtimes.fake import FakeRuntime
from app.inference.runtimes.onnx import OnnxRuntime


@pytest.fixture(autouse=True)
def _one_runtime(monkeypatch):
    """Only the runtime that every installation has."""
    monkeypatch.setattr(checking, "CONDITIONS", Conditions(runtimes=("onnx", "openvino"), batches=(1,), seconds=0.001))


def test_every_version_that_is_whole_passes(tiny_models):
    checked = check_models(tiny_models, None)
    assert [one.name for one in checked] == ["adder/1", "digit/1", "sentiment/1", "topic/1"]
    assert [problem for one in checked for problem in one.problems] == []
    assert all(one.differences["onnx"] == 0 for one in checked)
    assert "topic/1: as its manifest says\n  onnx differs by 0 at most over 64 rows" in report_text(checked)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "model.onnx").write_bytes(b"junk"), "model.onnx has another SHA-256"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "tokenizer.json is missing"),
        (lambda folder: (folder / "manifest.json").write_text("{}"), "manifest.json is not valid"),
    ],
    ids=["file", "missing", "manifest"],
)
def test_what_was_changed_on_the_disk_is_found(tmp_path, build_topic, damage, message):
    damage(build_topic(tmp_path))
    (one,) = check_models(tmp_path, "topic")
    assert message in one.problems[0]
    assert "topic/1: broken" in report_text([one])
    assert message in json.loads(to_json([one]))[0]["problems"][0]


def test_a_plan_that_cannot_be_followed_is_found(tmp_path, build_topic):
    folder = build_topic(tmp_path, plan={"runtime": "openvino"})
    conditions = Conditions(runtimes=("onnx", "openvino"), batches=(1,), seconds=0.001, refusal=refuse("openvino"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "CONDITIONS", conditions)
        (one,) = check_models(tmp_path, str(folder))
    assert one.problems == ("the plan asks for openvino: not here",)
    assert one.left_out == {"openvino": "not here"}


def test_a_runtime_that_would_stand_in_with_other_answers_is_found(tmp_path, build_digit, monkeypatch):
    folder = build_digit(tmp_path)

    def make(name, threads):
        runtime = OnnxRuntime(threads)
        if name == "onnx":
            return runtime
        wrong = runtime.load(folder)
        return FakeRuntime(wrong, lambda rows: {"probabilities": np.zeros((len(rows["pixels"]), 10), np.float32)})

    conditions = Conditions(runtimes=("onnx", "openvino"), batches=(1,), seconds=0.001, make=make, refusal=refuse(""))
    monkeypatch.setattr(checking, "CONDITIONS", conditions)
    (one,) = check_models(tmp_path, "digit")
    assert "openvino may stand in for the plan, but its answers differ from onnx's by" in one.problems[0]
    assert one.problems[0].endswith("run horngate calibrate digit/1")
    assert "  openvino left out: its answers differ" in report_text([one])
    build_digit(tmp_path, version=2, plan={"runtime": "onnx", "differing": ["openvino"]})
    assert check_models(tmp_path, "digit/2")[0].problems == ()


def refuse(name):
    """Says of one runtime that it is not there."""
    return lambda runtime, _folder: "not here" if runtime == name else None
