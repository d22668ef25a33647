"""The task that a manifest names."""

import json
import shutil

import pytest

from app.errors import ModelInvalid
from app.repository.manifest import Manifest, read_manifest
from app.tasks import open_task
from app.tasks.digit import DigitTask
from app.tasks.sentiment import SentimentTask
from app.tasks.tensor import TensorTask
from app.tasks.topic import TopicTask


@pytest.mark.parametrize(
    ("name", "kind", "label_key"),
    [
        ("sentiment", SentimentTask, "label"),
        ("topic", TopicTask, "label"),
        ("digit", DigitTask, "digit"),
        ("adder", TensorTask, None),
    ],
)
def test_the_manifest_says_which_task_it_is(tiny_models, name, kind, label_key):
    folder = tiny_models / name / "1"
    task = open_task(read_manifest(folder), folder)
    assert isinstance(task, kind)
    assert task.label_key == label_key


def changed(folder, **content) -> Manifest:
    """The folder's manifest with other values."""
    return Manifest.model_validate({**json.loads((folder / "manifest.json").read_text()), **content})


@pytest.mark.parametrize(
    ("name", "labels", "message"),
    [
        ("sentiment", ["good"], "expected 2 labels in the manifest; received 1"),
        ("topic", ["World", "Sports"], "expected 4 labels in the manifest; received 2"),
        ("topic", [], "expected 4 labels in the manifest; received 0"),
    ],
)
def test_labels_that_do_not_fit_the_output_are_refused(tiny_models, name, labels, message):
    folder = tiny_models / name / "1"
    with pytest.raises(ModelInvalid, match=message):
        open_task(changed(folder, labels=labels), folder)


def test_a_text_model_without_text_settings_is_refused(tiny_models):
    folder = tiny_models / "topic" / "1"
    with pytest.raises(ModelInvalid, match="a topic model needs `text` in its manifest"):
        open_task(changed(folder, text=None), folder)


def test_a_text_model_without_a_tokenizer_is_refused(tiny_models, tmp_path):
    shutil.copytree(tiny_models / "sentiment" / "1", tmp_path / "1")
    (tmp_path / "1" / "tokenizer.json").unlink()
    with pytest.raises(ModelInvalid, match=r"tokenizer\.json is missing"):
        open_task(changed(tmp_path / "1"), tmp_path / "1")
