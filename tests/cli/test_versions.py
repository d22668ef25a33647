import json
from pathlib import Path

import pytest

from app.cli.versions import find_served, find_version
from app.errors import ModelInvalid, ModelNotFound


def test_the_newest_version_is_taken_unless_another_is_named(tmp_path, build_topic):
    for version in (2, 9, 10):
        build_topic(tmp_path, version=version)
    assert find_version(tmp_path, "topic").version == 10
    assert find_version(tmp_path, "topic/").version == 10
    assert find_version(tmp_path, "topic/9").version == 9


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ("topics", "no model 'topics' in .*; did you mean 'topic'?"),
        ("zzz", "no model 'zzz' in .*; there are: topic"),
        ("topic/7", "topic has no version 7; there are: 1"),
        ("topic/one", "expected a model as name or name/version; received 'topic/one'"),
        ("topic/1/2", "expected a model as name or name/version; received 'topic/1/2'"),
        ("empty", "empty: expected a version folder, such as 1/; received none"),
        ("", "no model '' in"),
    ],
)
def test_what_is_not_there_is_named_with_the_nearest(tmp_path, build_topic, wanted, reason):
    build_topic(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelNotFound, match=reason):
        find_version(tmp_path, wanted)


def test_a_models_folder_that_is_not_there_is_named_with_the_option():
    with pytest.raises(ModelInvalid, match="expected a folder of models at absent; name it with --models-dir"):
        find_version(Path("absent"), "topic")


def test_of_a_name_the_version_is_found_that_a_server_answers_with(tmp_path, build_topic):
    for version in (1, 2):
        build_topic(tmp_path, version=version)
    assert find_served(tmp_path, "topic").version == 2
    (tmp_path / "topic" / "serving.json").write_text(json.dumps({"default": 1}))
    assert find_served(tmp_path, "topic").version == 1
    assert find_served(tmp_path, "topic/2").version == 2


def test_a_default_that_is_not_there_is_an_error(tmp_path, build_topic):
    build_topic(tmp_path)
    (tmp_path / "topic" / "serving.json").write_text('{"default": 3}')
    with pytest.raises(ModelNotFound, match="topic has no version 3; there are: 1"):
        find_served(tmp_path, "topic")


def test_a_versions_own_folder_is_found_wherever_it_stands(tmp_path, build_topic, monkeypatch):
    folder = build_topic(tmp_path / "elsewhere", version=4)
    for wanted in (folder, f"{folder}/"):
        found = find_served(tmp_path / "models", str(wanted))
        assert (found.name, found.version, found.path) == ("topic", 4, folder)
    monkeypatch.chdir(folder)
    assert find_served(tmp_path / "models", ".").path == folder


def test_a_folder_that_is_no_version_is_an_error(tmp_path, build_topic):
    folder = build_topic(tmp_path).rename(tmp_path / "mine")
    with pytest.raises(ModelInvalid, match="expected a folder <name>/<version>"):
        find_served(tmp_path, str(folder))
