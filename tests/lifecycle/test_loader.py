"""What lies in the models folder is served; what cannot be is reported, and the rest goes on."""

import importlib.util
import json
import logging
import os

import pytest

from app.lifecycle.loader import Loader
from app.lifecycle.registry import Registry
from app.repository.manifest import write_manifest


def loads(metrics, model: str, outcome: str) -> float | None:
    return metrics.registry.get_sample_value("horngate_model_loads_total", {"model": model, "outcome": outcome})


def rewrite(folder, **content) -> None:
    """Write the manifest again, with other values, hashing the files as they are now."""
    old = json.loads((folder / "manifest.json").read_text())
    write_manifest(folder, {key: value for key, value in {**old, **content}.items() if key != "files"})


async def test_every_model_is_served_and_counted(tiny_models, load_all, metrics):
    registry = await load_all(tiny_models)
    assert registry.names() == ["adder", "digit", "sentiment", "topic"]
    assert registry.failures == []
    assert registry.is_loading is False
    assert loads(metrics, "topic", "success") == 1
    labels = {"model": "topic", "version": "1", "runtime": "onnx"}
    assert metrics.registry.get_sample_value("horngate_model_info", labels) == 1


@pytest.fixture
def two_models(tmp_path, build_topic, build_digit):
    """A folder with `topic/1` and `digit/1`."""
    build_digit(tmp_path)
    build_topic(tmp_path)
    return tmp_path


def change(folder, **content) -> None:
    """Write other values into the manifest."""
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **content}))


def change_signature(folder, name: str = "words", dtype: str = "int32") -> None:
    """Promise another input."""
    signature = json.loads((folder / "manifest.json").read_text())["signature"]
    change(folder, signature={**signature, "inputs": [{"name": name, "dtype": dtype, "shape": [None, 6]}]})


BREAK = {
    "missing file": lambda folder: (folder / "tokenizer.json").unlink(),
    "wrong hash": lambda folder: (folder / "model.onnx").write_bytes(b"other"),
    "corrupt ONNX": lambda folder: ((folder / "model.onnx").write_bytes(b"other"), rewrite(folder)),
    "manifest of another version": lambda folder: change(folder, version=2),
    "manifest that is not JSON": lambda folder: (folder / "manifest.json").write_text("{"),
    "manifest that is a folder": lambda folder: (
        (folder / "manifest.json").unlink(),
        (folder / "manifest.json").mkdir(),
    ),
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
    "signature that differs": change_signature,
    "file name that no disk has": lambda folder: change(folder, files={"\0": "0" * 64}),
    "labels that do not fit": lambda folder: change(folder, labels=["one"]),
    "dtype that nobody knows": lambda folder: change_signature(folder, dtype="int31"),
}


@pytest.mark.parametrize("damage", BREAK.values(), ids=BREAK.keys())
async def test_a_broken_folder_is_reported_by_name_and_the_others_are_served(two_models, load_all, caplog, damage):
    damage(two_models / "topic" / "1")
    registry = await load_all(two_models)
    assert registry.names() == ["digit"]
    assert [failure.folder for failure in registry.failures] == ["topic/1"]
    assert registry.failures[0].reason
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.fields == {"folder": "topic/1", "reason": registry.failures[0].reason}


async def test_the_newest_version_that_can_be_served_is(tmp_path, load_all, build_topic):
    for version in (1, 2, 10, 11):
        build_topic(tmp_path, version=version)
    (tmp_path / "topic" / "11" / "model.onnx").unlink()
    registry = await load_all(tmp_path)
    assert registry.default_version("topic") == 10
    assert [model.version for model in registry.versions("topic")] == [10]
    assert [failure.folder for failure in registry.failures] == ["topic/11"]


@pytest.mark.parametrize("labels", ["{}", '{"old": 1}', '{"old": 1, "next": 2}'])
async def test_where_no_version_can_be_served_each_is_reported_once(tmp_path, load_all, build_topic, labels):
    for version in (1, 2):
        (build_topic(tmp_path, version=version) / "model.onnx").unlink()
    (tmp_path / "topic" / "serving.json").write_text(f'{{"labels": {labels}}}')
    registry = await load_all(tmp_path)
    assert registry.names() == []
    assert sorted(failure.folder for failure in registry.failures) == ["topic/1", "topic/2"]


async def test_default_and_labels_are_the_owners(tmp_path, load_all, build_topic):
    for version in (1, 2, 3, 4):
        build_topic(tmp_path, version=version)
    (tmp_path / "topic" / "serving.json").write_text('{"default": 2, "labels": {"old": 1, "next": 3}}')
    registry = await load_all(tmp_path)
    assert registry.default_version("topic") == 2
    assert [model.version for model in registry.versions("topic")] == [3, 2, 1]
    assert registry.resolve("topic", label="next").version == 3


async def test_labels_alone_leave_the_newest_as_the_default(tmp_path, load_all, build_topic):
    for version in (1, 2, 3):
        build_topic(tmp_path, version=version)
    (tmp_path / "topic" / "serving.json").write_text('{"labels": {"old": 1, "latest": 3}}')
    registry = await load_all(tmp_path)
    assert registry.default_version("topic") == 3
    assert [model.version for model in registry.versions("topic")] == [3, 1]


async def test_a_pinned_version_that_failed_is_tried_and_reported_once(tmp_path, load_all, metrics, build_topic):
    for version in (1, 2, 3):
        build_topic(tmp_path, version=version)
    for version in (2, 3):
        (tmp_path / "topic" / str(version) / "model.onnx").unlink()
    (tmp_path / "topic" / "serving.json").write_text('{"labels": {"next": 3, "now": 2}}')
    registry = await load_all(tmp_path)
    assert sorted(failure.folder for failure in registry.failures) == ["topic/2", "topic/3"]
    assert loads(metrics, "topic", "failure") == 2
    assert registry.default_version("topic") == 1


async def test_a_default_that_cannot_be_served_is_not_replaced_behind_the_owners_back(tmp_path, load_all, build_topic):
    build_topic(tmp_path, version=1)
    (build_topic(tmp_path, version=2) / "model.onnx").unlink()
    (tmp_path / "topic" / "serving.json").write_text('{"default": 2, "labels": {"old": 1}}')
    registry = await load_all(tmp_path)
    assert registry.names() == []
    assert [failure.folder for failure in registry.failures] == ["topic/2"]


async def test_a_version_that_the_owner_names_and_that_is_not_there_is_reported(tmp_path, load_all, build_topic):
    build_topic(tmp_path)
    (tmp_path / "topic" / "serving.json").write_text('{"labels": {"next": 9}}')
    registry = await load_all(tmp_path)
    assert [failure.folder for failure in registry.failures] == ["topic/9"]
    assert "no such folder" in registry.failures[0].reason
    assert registry.resolve("topic").version == 1


@pytest.mark.parametrize("kind", ["broken", "folder"])
async def test_an_owners_word_that_cannot_be_read_is_reported_and_nothing_guessed(
    tmp_path, load_all, build_topic, build_digit, kind
):
    build_digit(tmp_path)
    build_topic(tmp_path)
    path = tmp_path / "topic" / "serving.json"
    path.write_text("{") if kind == "broken" else path.mkdir()
    registry = await load_all(tmp_path)
    assert registry.names() == ["digit"]
    assert [failure.folder for failure in registry.failures] == ["topic"]


async def test_folders_that_are_no_models_are_reported(tmp_path, load_all, build_topic):
    build_topic(tmp_path)
    (tmp_path / "Bad Name" / "1").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    registry = await load_all(tmp_path)
    assert registry.names() == ["topic"]
    assert [failure.folder for failure in registry.failures] == ["Bad Name", "empty"]


async def test_a_models_folder_that_is_not_there_is_reported_with_the_setting(tmp_path, load_all):
    registry = await load_all(tmp_path / "nowhere")
    assert registry.is_loading is False
    assert "nowhere; set HORNGATE_MODELS_DIR" in registry.failures[0].reason


async def test_a_folder_whose_name_is_no_text_is_reported_as_text(tmp_path, load_all):
    registry = await load_all(tmp_path / os.fsdecode(b"no\xffwhere"))
    assert b"no\\udcffwhere" in registry.failures[0].reason.encode()


async def test_a_folder_for_tensorflow_is_reported_with_the_command_where_it_is_not_installed(
    tmp_path, load_all, build_topic, monkeypatch
):
    build_topic(tmp_path)
    (tmp_path / "net" / "1").mkdir(parents=True)
    (tmp_path / "net" / "1" / "saved_model.pb").write_bytes(b"whatever")
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "tensorflow" else find(name))
    registry = await load_all(tmp_path)
    assert registry.names() == ["topic"]
    (failure,) = registry.failures
    assert failure.folder == "net/1"
    assert "pip install 'horngate[tensorflow]'" in failure.reason


async def test_loading_is_over_even_where_the_folder_cannot_be_listed(tmp_path, metrics):
    class Locked(type(tmp_path)):
        """A folder whose owner lets nobody in: a test that runs as root could read any other."""

        def iterdir(self):
            raise PermissionError(13, "Permission denied", str(self))

    registry = Registry()
    await Loader(Locked(tmp_path), registry, metrics, max_queue_rows=1).load_all()
    assert registry.is_loading is False
    assert [failure.folder for failure in registry.failures] == ["."]
    assert "Permission denied" in registry.failures[0].reason


async def test_what_cannot_follow_its_plan_is_served_otherwise_and_told_once(
    tmp_path, load_all, build_topic, metrics, caplog
):
    build_topic(tmp_path, plan={"runtime": "tensorflow"})
    registry = await load_all(tmp_path)
    assert registry.failures == []
    runtime = registry.resolve("topic").running.runtime
    labels = {"model": "topic", "version": "1", "runtime": runtime}
    assert metrics.registry.get_sample_value("horngate_model_info", labels) == 1
    (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert (record.fields["folder"], record.fields["runtime"]) == ("topic/1", runtime)
    assert record.fields["reason"].startswith("tensorflow: ")


async def test_the_owners_service_level_bounds_the_batch(tmp_path, load_all, build_topic, caplog):
    build_topic(tmp_path, plan={"runtime": "onnx", "max_batch_rows": 8, "batch_seconds": {"4": 0.004, "8": 0.01}})
    (tmp_path / "topic" / "serving.json").write_text('{"slo_p99_ms": 12}')
    registry = await load_all(tmp_path)
    assert registry.resolve("topic").running.max_batch_rows == 4
    assert not [record for record in caplog.records if record.levelno == logging.WARNING]


async def test_a_service_level_that_not_even_one_row_holds_is_warned_of(tmp_path, load_all, build_topic, caplog):
    build_topic(tmp_path, plan={"runtime": "onnx", "max_batch_rows": 8, "batch_seconds": {"1": 0.004, "8": 0.01}})
    (tmp_path / "topic" / "serving.json").write_text('{"slo_p99_ms": 2}')
    registry = await load_all(tmp_path)
    assert registry.resolve("topic").running.max_batch_rows == 1
    (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert "slo_p99_ms 2 leaves 0.8 ms" in record.fields["reason"]
