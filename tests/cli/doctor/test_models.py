import json

import pytest

from app.cli.doctor.models import check_models
from app.repository.manifest import Plan, write_plan


def levels(models, required=()):
    return [(finding.level, finding.found) for finding in check_models(models, required)]


def test_whole_models_are_ok(tiny_models):
    found = levels(tiny_models, ["sentiment"])
    assert {level for level, _ in found} == {"ok"}
    assert "sentiment/1: 2 files are as the manifest says; planned for onnx" in [text for _, text in found]


@pytest.mark.parametrize(
    ("spoil", "level", "told"),
    [
        (lambda folder: (folder / "model.onnx").write_bytes(b"x"), "problem", "another SHA-256"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "problem", "tokenizer.json"),
        (lambda folder: (folder / "manifest.json").unlink(), "problem", "manifest.json is missing"),
        (lambda folder: (folder.parent / "serving.json").write_text('{"default": 7}'), "problem", "names version 7"),
        (lambda folder: (folder.parent / "serving.json").write_text("{"), "problem", "serving.json"),
        (lambda folder: (folder.parent.parent / "empty").mkdir(), "problem", "expected a version folder"),
        (lambda folder: write_plan(folder, Plan(runtime="tensorflow")), "warning", "plan cannot be followed here"),
    ],
)
def test_what_is_wrong_with_a_model_is_told(tmp_path, build_topic, spoil, level, told):
    spoil(build_topic(tmp_path))
    found = levels(tmp_path)
    assert any(one == level and told in text for one, text in found)


def test_a_version_without_a_plan_or_a_manifest_is_a_warning(tmp_path, build_topic):
    folder = build_topic(tmp_path, plan=None)
    (tmp_path / "adopted" / "1").mkdir(parents=True)
    (tmp_path / "adopted" / "1" / "saved_model.pb").write_bytes(b"")
    found = levels(tmp_path)
    assert [level for level, _ in found] == ["warning", "warning"]
    assert "a SavedModel without a manifest" in found[0][1]
    assert "has no plan" in found[1][1]
    assert folder.exists()


def test_a_report_tells_where_a_version_was_made(tmp_path, build_topic):
    folder = build_topic(tmp_path)
    for content, told in (({"hardware": {"processor": "Tiny", "cores": 2}}, "; made on Tiny, 2 cores"), ([], "onnx")):
        (folder / "report.json").write_text(json.dumps(content), encoding="utf-8")
        assert levels(tmp_path)[0][1].endswith(told)


def test_an_absent_or_empty_folder_and_a_lacking_model_are_problems(tmp_path):
    assert levels(tmp_path / "absent")[0][0] == "problem"
    found = levels(tmp_path, ["sentiment"])
    assert [level for level, _ in found] == ["problem", "problem"]
    assert found[1][1] == "sentiment is required and not there"
