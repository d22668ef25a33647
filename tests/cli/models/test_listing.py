import json

import pytest

from app.cli.models.listing import list_models, report_text, to_json
from app.errors import ModelInvalid


@pytest.fixture
def folder(tmp_path, build_topic, build_tensor):
    build_topic(tmp_path)
    build_topic(tmp_path, version=2)
    build_tensor(tmp_path, plan=None)
    return tmp_path


def test_every_version_is_listed_with_what_it_serves(folder):
    (folder / "topic" / "serving.json").write_text('{"default": 1, "labels": {"next": 2}}')
    listing = list_models(folder)
    told = [(one.name, one.version, one.serves, one.task, one.runtime) for one in listing.versions]
    assert told == [
        ("adder", 1, ("default",), "tensor", None),
        ("topic", 2, ("next",), "topic", "onnx"),
        ("topic", 1, ("default",), "topic", "onnx"),
    ]
    assert all(one.bytes > 0 for one in listing.versions)
    assert json.loads(to_json(listing))["versions"][1]["serves"] == ["next"]


def test_a_saved_model_that_was_copied_there_is_listed_too(tmp_path, write):
    write("squares/3/saved_model.pb", b"a graph")
    (one,) = list_models(tmp_path).versions
    assert (one.name, one.version, one.task, one.runtime, one.problem) == ("squares", 3, "tensor", None, None)


def test_what_cannot_be_read_stands_below_the_table(folder, write):
    write("topic/1/manifest.json", "{")
    (folder / "empty").mkdir()
    lines = report_text(list_models(folder)).splitlines()
    assert lines[0].split() == ["model", "version", "serves", "task", "runtime", "size"]
    assert lines[3].split()[:4] == ["topic", "1", "–", "–"]
    assert lines[-2].startswith("topic/1: manifest.json is not valid")
    assert lines[-1].startswith("empty: expected a version folder")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ModelInvalid, match=r"expected a folder of models at .*absent"):
        list_models(tmp_path / "absent")
