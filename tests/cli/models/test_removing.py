import json

import pytest

from app.cli.models.removing import plan_removal, remove, report_text, to_json
from app.errors import ModelInvalid, ModelNotFound


@pytest.fixture
def folder(tmp_path, build_topic):
    for version in (1, 2, 3):
        build_topic(tmp_path, version=version)
    return tmp_path


def test_one_version_goes_and_the_others_stay(folder):
    removal = plan_removal(folder, "topic/2")
    assert removal.question().startswith("Remove topic/2 (")
    remove(removal)
    assert sorted(path.name for path in (folder / "topic").iterdir()) == ["1", "3"]
    assert report_text(removal).startswith("Removed topic/2: ")
    assert json.loads(to_json(removal))["removed"] == ["topic/2"]


def test_a_model_goes_with_all_its_versions(folder):
    removal = plan_removal(folder, "topic")
    assert removal.versions == ("topic/3", "topic/2", "topic/1")
    remove(removal)
    assert list(folder.iterdir()) == []


def test_with_the_last_version_goes_the_model(folder):
    for version in (1, 2, 3):
        remove(plan_removal(folder, f"topic/{version}"))
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("topic/1", "names version 1 as its default; take it out there first"),
        ("topic/2", "names version 2 as 'stable'"),
        ("topic", "names version 2 as 'stable'"),
    ],
)
def test_what_serving_json_names_stays(folder, wanted, message):
    (folder / "topic" / "serving.json").write_text('{"default": 1, "labels": {"stable": 2}}')
    with pytest.raises(ModelInvalid, match=message):
        plan_removal(folder, wanted)
    remove(plan_removal(folder, "topic/3"))


@pytest.mark.parametrize(("wanted", "message"), [("tpoic", "did you mean 'topic'"), ("topic/9", "there are: 3, 2, 1")])
def test_what_is_not_there_gets_the_nearest(folder, wanted, message):
    with pytest.raises(ModelNotFound, match=message):
        plan_removal(folder, wanted)


def test_a_folder_that_cannot_be_removed_is_one_line(folder):
    removal = plan_removal(folder, "topic/2")
    remove(removal)
    with pytest.raises(ModelInvalid, match=r"topic/2 cannot be removed: No such file"):
        remove(removal)
