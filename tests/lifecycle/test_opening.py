"""The manifest's plan is followed, or something stands in and says why."""

import importlib.util
import json
import shutil

import pytest

from app.errors import ModelInvalid
from app.lifecycle.opening import _warm_up_rows, open_runtimes
from app.lifecycle.running import Running
from app.lifecycle.version_files import read_version
from app.repository.manifest import write_manifest
from app.repository.scanner import VersionFolder


@pytest.fixture
def hide(monkeypatch):
    """Lets packages be not installed."""

    def do(*packages):
        find = importlib.util.find_spec
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in packages else find(name))

    return do


@pytest.fixture
def open_folder():
    """Opens a version folder as the server does, and closes it in the end."""
    opened = []

    def do(folder, slo_p99_ms=None):
        version = VersionFolder(folder.parent.name, int(folder.name), folder)
        opened.append(open_runtimes(version, read_version(version), slo_p99_ms))
        return opened[-1]

    yield do
    for one in opened:
        for runtime in one.runtimes:
            runtime.close()


def plan(folder, plan):
    """Put a plan into the manifest as an editor would."""
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "plan": plan}))
    return folder


def test_a_plan_that_can_be_followed_is(tmp_path, build_topic, open_folder):
    folder = plan(
        build_topic(tmp_path),
        {"runtime": "onnx", "instances": 2, "max_batch_rows": 4, "batch_seconds": {"4": 0.5}},
    )
    opened = open_folder(folder)
    assert opened.running == Running("onnx", 1, 2, 4, "thread")
    assert len(opened.runtimes) == 2
    assert opened.signature.inputs[0].name == "tokens"


def test_a_plan_for_what_is_not_installed_gives_way_and_names_the_command(tmp_path, build_topic, open_folder, hide):
    hide("openvino")
    folder = build_topic(tmp_path, plan={"runtime": "openvino", "max_batch_rows": 8, "batch_seconds": {"8": 0.0001}})
    running = open_folder(folder).running
    assert (running.runtime, running.max_batch_rows, running.place) == ("onnx", 8, "thread")
    assert running.is_degraded
    (reason,) = running.why
    assert reason.startswith("openvino: openvino is not installed; install it with: pip install 'horngate[openvino]'")


def test_a_plan_whose_file_is_missing_gives_way(tmp_path, build_topic, open_folder, hide):
    hide("openvino")
    running = open_folder(build_topic(tmp_path, plan={"runtime": "tensorflow"})).running
    assert running.runtime == "onnx"
    assert "tensorflow: saved_model.pb is missing" in running.why[0] or "not installed" in running.why[0]


@pytest.mark.parametrize(
    ("nonsense", "key"),
    [
        ({"runtime": "abacus"}, "plan.runtime"),
        ({"runtime": "onnx", "threads": -1}, "plan.threads"),
        ({"runtime": "onnx", "max_batch_rows": 10**12}, "plan.max_batch_rows"),
        ({"runtime": "onnx", "batch_seconds": {"8": float("nan")}}, "plan.batch_seconds.8"),
    ],
)
def test_a_plan_that_makes_no_sense_costs_only_speed_and_names_the_key(
    tmp_path, build_topic, open_folder, nonsense, key
):
    running = open_folder(plan(build_topic(tmp_path), nonsense)).running
    assert (running.threads, running.instances, running.max_batch_rows) == (1, 1, 32)
    assert running.is_degraded
    reason = running.why[0]
    assert reason.startswith(f"manifest.json is not valid at {key}: ")
    assert reason.endswith("run `horngate calibrate`")


def test_a_manifest_without_a_plan_says_so(tmp_path, build_topic, open_folder):
    running = open_folder(plan(build_topic(tmp_path), None)).running
    assert running.why[0] == "manifest.json has no plan; run `horngate calibrate`"
    assert running.is_degraded


def test_a_plan_that_fails_to_load_gives_way_to_tensorflow_in_the_end(tmp_path, saved_model, open_folder, hide):
    hide("openvino")
    adopted = tmp_path / "squares" / "1"
    shutil.copytree(saved_model, adopted)
    signature = {
        "inputs": [
            {"name": "values", "dtype": "float32", "shape": [None, 3]},
            {"name": "ids", "dtype": "int32", "shape": [None]},
        ],
        "outputs": [
            {"name": "doubled", "dtype": "float32", "shape": [None, 3]},
            {"name": "picked", "dtype": "float32", "shape": [None]},
        ],
    }
    (adopted / "model.onnx").write_bytes(b"junk")
    content = {"name": "squares", "version": 1, "task": "tensor", "signature": signature, "plan": {"runtime": "onnx"}}
    write_manifest(adopted, content)
    running = open_folder(adopted).running
    assert (running.runtime, running.place, running.is_degraded) == ("tensorflow", "process", True)
    assert [reason.partition(":")[0] for reason in running.why] == ["onnx", "openvino"]
    assert "model.onnx cannot be loaded by ONNX Runtime" in running.why[0]


def test_where_nothing_can_open_it_every_reason_is_told(tmp_path, build_topic, open_folder, hide):
    hide("openvino", "tensorflow")
    folder = build_topic(tmp_path, plan={"runtime": "openvino"})
    path = folder / "model.onnx"
    path.write_bytes(b"junk")
    content = json.loads((folder / "manifest.json").read_text())
    del content["files"]
    write_manifest(folder, content)
    with pytest.raises(ModelInvalid, match=r"^openvino: openvino is not installed; .*; onnx: model\.onnx cannot be"):
        open_folder(folder)


def test_a_folder_without_any_model_says_so(tmp_path, build_topic, open_folder):
    folder = plan(build_topic(tmp_path), None)
    content = json.loads((folder / "manifest.json").read_text())
    (folder / "model.onnx").unlink()
    del content["files"]
    write_manifest(folder, content)
    with pytest.raises(ModelInvalid, match=r"saved_model\.pb and model\.onnx are missing; export again"):
        open_folder(folder)


def test_an_adopted_folder_runs_on_openvino_where_that_is_installed(tmp_path, saved_model, open_folder):
    pytest.importorskip("openvino", reason="needs the openvino extra")
    shutil.copytree(saved_model, tmp_path / "squares" / "1")
    running = open_folder(tmp_path / "squares" / "1").running
    assert running == Running("openvino", 1, 1, 32, "thread")


def test_an_adopted_folder_runs_on_tensorflow_else_and_says_why(tmp_path, saved_model, open_folder, hide):
    hide("openvino")
    shutil.copytree(saved_model, tmp_path / "squares" / "1")
    running = open_folder(tmp_path / "squares" / "1").running
    assert (running.runtime, running.place, running.is_degraded) == ("tensorflow", "process", False)
    assert running.why[0].startswith("openvino: openvino is not installed")


def test_texts_of_every_bucket_are_tried_before_anybody_sends_one(tmp_path, build_sentiment, open_folder):
    folder = build_sentiment(tmp_path, text={"length": 6, "buckets": [2, 6]})
    assert open_folder(folder).running.runtime == "onnx"


@pytest.mark.parametrize(
    ("runtime", "rows", "batches"),
    [
        ("onnx", 30, [1, 30]),
        ("tensorflow-xla", 120, [1, 2, 4, 8, 16, 32, 64, 128]),
        ("tensorflow-xla", 1, [1]),
    ],
)
def test_what_compiles_each_size_for_itself_is_warmed_with_all_of_them(runtime, rows, batches):
    assert list(_warm_up_rows(runtime, rows)) == batches
