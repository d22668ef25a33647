import json
import shutil

import pytest

from app.cli.models.showing import report_text, show_model, to_json
from app.errors import ModelInvalid, ModelNotFound


def test_signature_plan_figures_and_card_are_shown(tmp_path, build_topic, write):
    card = write("topic/1/MODEL_CARD.md", "# topic\n")
    build_card = card.read_bytes()
    shutil.rmtree(tmp_path / "topic")
    folder = build_topic(tmp_path, statistics={"accuracy": 0.98765, "share_of/World": 0.25})
    (folder / "MODEL_CARD.md").write_bytes(build_card)
    text = report_text(show_model(tmp_path, "topic"))
    assert text.startswith("topic/1\n")
    assert "  serves   default\n" in text
    assert "  input    tokens int32 [-1, 6]\n" in text
    assert "  labels   World, Sports, Business, Sci/Tech\n" in text
    assert "  plan     onnx, 1 thread, 1 instance a worker" in text
    assert "  figures  accuracy 0.9877\n" in text
    assert text.endswith("\n\n# topic")


def test_a_version_that_nothing_names_says_so_and_json_has_the_manifest(tmp_path, build_topic):
    for version in (1, 2):
        build_topic(tmp_path, version=version, plan=None)
    shown = show_model(tmp_path, "topic/1")
    assert "serves   nothing: neither the default nor a label names it" in report_text(shown)
    assert "plan     none: nothing was measured" in report_text(shown)
    document = json.loads(to_json(shown))
    assert (document["serves"], document["is_adopted"], document["model_card"]) == ([], False, None)
    assert document["manifest"]["task"] == "topic"


def test_a_version_may_be_named_by_its_folder_elsewhere(tmp_path, build_topic):
    folder = build_topic(tmp_path / "elsewhere")
    shown = show_model(tmp_path, str(folder))
    assert (shown.name, shown.serves) == ("topic/1", ())


def test_a_saved_model_that_was_copied_there_is_opened_for_its_signature(tmp_path, saved_model):
    pytest.importorskip("openvino", reason="needs the openvino extra")
    shutil.copytree(saved_model, tmp_path / "squares" / "1")
    shown = show_model(tmp_path, "squares")
    text = report_text(shown)
    assert "  input    values float32 [-1, 3]\n" in text
    assert "adopted as it is; horngate calibrate gives it both" in text
    assert json.loads(to_json(shown))["is_adopted"] is True


def test_files_that_were_changed_are_told(tmp_path, build_topic):
    (build_topic(tmp_path) / "model.onnx").write_bytes(b"another")
    with pytest.raises(ModelInvalid, match="another SHA-256"):
        show_model(tmp_path, "topic")


def test_a_name_that_is_not_there_gets_the_nearest(tmp_path, build_topic):
    build_topic(tmp_path)
    with pytest.raises(ModelNotFound, match="did you mean 'topic'"):
        show_model(tmp_path, "tpoic")
