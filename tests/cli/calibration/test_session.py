"""From a version's name to its written plan, with real runtimes; what is found depends on what is installed."""

import json
import shutil

import pytest

from app.cli.calibration.session import run_calibration
from app.errors import ModelInvalid
from app.inference.calibration.conditions import Conditions
from app.repository.manifest import read_manifest, verify_files

QUICK = Conditions(runtimes=("onnx",), batches=(1, 2), seconds=0.001)


def test_the_plan_is_written_and_the_hashes_stay(tmp_path, build_sentiment):
    folder = build_sentiment(tmp_path, plan={"runtime": "onnx", "max_batch_rows": 32})
    before = read_manifest(folder)
    outcome = run_calibration(tmp_path, "sentiment", QUICK, is_dry=False)
    after = read_manifest(folder)
    assert after == before.model_copy(update={"plan": outcome.plan})
    assert (after.plan.runtime, after.plan.threads, sorted(after.plan.batch_seconds)) == ("onnx", 1, [1, 2])
    verify_files(folder, after)
    assert (outcome.name, outcome.before, outcome.is_written) == ("sentiment/1", before.plan, True)
    assert outcome.rows == "texts of 1 to 6 of the model's own words, padded to 6"


@pytest.mark.parametrize("model", ["sentiment", "topic", "digit", "adder"])
def test_a_dry_run_measures_every_kind_of_model_and_writes_nothing(tiny_models, model):
    path = tiny_models / model / "1" / "manifest.json"
    before = path.read_bytes()
    outcome = run_calibration(tiny_models, f"{model}/1", QUICK, is_dry=True)
    assert (path.read_bytes(), outcome.is_written) == (before, False)
    assert outcome.calibration.reference == "onnx"


def test_a_plan_that_makes_no_sense_is_mended(tmp_path, build_topic):
    folder = build_topic(tmp_path)
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "plan": {"runtime": "abacus"}}))
    outcome = run_calibration(tmp_path, "topic", QUICK, is_dry=False)
    assert outcome.before is None
    assert read_manifest(folder).plan == outcome.plan


def test_the_owners_service_level_is_known(tmp_path, build_topic):
    build_topic(tmp_path)
    (tmp_path / "topic" / "serving.json").write_text('{"slo_p99_ms": 20}')
    assert run_calibration(tmp_path, "topic", QUICK, is_dry=True).slo_p99_ms == 20


def test_a_runtime_that_differed_before_and_is_not_measured_now_stays_refused(tmp_path, build_topic):
    folder = build_topic(tmp_path, plan={"runtime": "onnx", "differing": ["openvino", "onnx"]})
    run_calibration(tmp_path, "topic", QUICK, is_dry=False)
    assert read_manifest(folder).plan.differing == ("openvino",)


def test_an_adopted_folder_gets_a_manifest_with_the_plan(tmp_path, saved_model):
    pytest.importorskip("openvino", reason="needs the openvino extra")
    folder = tmp_path / "squares" / "2"
    shutil.copytree(saved_model, folder)
    conditions = Conditions(runtimes=("openvino",), batches=(1,), seconds=0.001)
    outcome = run_calibration(tmp_path, "squares", conditions, is_dry=False)
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    assert (manifest.task, manifest.plan) == ("tensor", outcome.plan)
    assert "saved_model.pb" in manifest.files


@pytest.mark.parametrize("damage", ["manifest", "file", "every runtime"])
def test_a_broken_version_is_refused_and_nothing_written(tmp_path, build_topic, damage):
    folder = build_topic(tmp_path)
    path = folder / "manifest.json"
    if damage == "manifest":
        path.write_text("{")
    elif damage == "file":
        (folder / "model.onnx").write_bytes(b"junk")
    conditions = QUICK if damage != "every runtime" else Conditions(runtimes=("onnx",), refusal=lambda *_: "not here")
    before = path.read_bytes()
    with pytest.raises(ModelInvalid):
        run_calibration(tmp_path, "topic", conditions, is_dry=False)
    assert path.read_bytes() == before


def test_ctrl_c_writes_nothing(tmp_path, build_topic):
    path = build_topic(tmp_path) / "manifest.json"
    before = path.read_bytes()

    def interrupted(*_):
        raise KeyboardInterrupt

    conditions = Conditions(runtimes=("onnx",), make=interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_calibration(tmp_path, "topic", conditions, is_dry=False)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path, build_topic):
    folder = build_topic(tmp_path)
    (folder / ".manifest.json.partial").mkdir()  # in the way, also of a test that runs as root
    with pytest.raises(ModelInvalid, match=r"the plan cannot be written to .*: Is a directory"):
        run_calibration(tmp_path, "topic", QUICK, is_dry=False)
