"""Which plans are tried, in which order, and how one fits the machine and the service level."""

import json
import os

import pytest

from app.lifecycle.candidates import candidate_plans, fitted, refusal
from app.repository.manifest import Plan, read_manifest, write_manifest

MEASURED = Plan(runtime="onnx", max_batch_rows=16, batch_seconds={1: 0.001, 4: 0.004, 8: 0.008, 16: 0.016})


@pytest.fixture
def manifest_of(tmp_path, build_topic):
    """The manifest of a folder with `model.onnx` and these other files, with this plan."""

    def make(plan, *files):
        folder = build_topic(tmp_path)
        for file in files:
            (folder / file).write_bytes(b"graph")
        content = json.loads((folder / "manifest.json").read_text())
        del content["files"]
        write_manifest(folder, {**content, "plan": plan})
        return folder, read_manifest(folder)

    return make


@pytest.mark.parametrize(
    ("runtime", "order"),
    [
        ("onnx", ["onnx", "openvino", "tensorflow"]),
        ("openvino", ["openvino", "onnx", "tensorflow"]),
        ("tensorflow", ["tensorflow", "openvino", "onnx"]),
        ("tensorflow-xla", ["tensorflow-xla", "openvino", "onnx", "tensorflow"]),
    ],
)
def test_the_plan_comes_first_then_openvino_onnx_runtime_and_tensorflow(manifest_of, runtime, order):
    folder, manifest = manifest_of({"runtime": runtime}, "saved_model.pb")
    assert [plan.runtime for plan in candidate_plans(folder, manifest)] == order


def test_a_runtime_that_gave_other_answers_never_stands_in(manifest_of):
    folder, manifest = manifest_of({"runtime": "tensorflow", "differing": ["openvino"]}, "saved_model.pb")
    assert [plan.runtime for plan in candidate_plans(folder, manifest)] == ["tensorflow", "onnx"]


def test_a_runtime_that_finds_no_file_does_not_stand_in(manifest_of, tmp_path):
    folder, manifest = manifest_of({"runtime": "onnx"})
    assert [plan.runtime for plan in candidate_plans(folder, manifest)] == ["onnx", "openvino"]
    (tmp_path / "saved_model.pb").write_bytes(b"graph")
    assert [plan.runtime for plan in candidate_plans(tmp_path, None)] == ["openvino", "tensorflow"]


def test_what_was_measured_is_told_of_the_plan_alone(manifest_of):
    plan = {"runtime": "onnx", "threads": 2, "instances": 2, "max_batch_rows": 8, "batch_seconds": {"8": 0.1}}
    folder, manifest = manifest_of(plan)
    own, other = candidate_plans(folder, manifest)
    assert own is manifest.plan
    assert other == Plan(runtime="openvino", max_batch_rows=8)


def test_a_file_that_the_manifest_does_not_vouch_for_is_not_opened(manifest_of):
    folder, manifest = manifest_of({"runtime": "onnx"})
    (folder / "saved_model.pb").write_bytes(b"brought by somebody")
    assert refusal("onnx", folder, manifest) is None
    unvouched = manifest.model_copy(update={"files": {}})
    assert "model.onnx is not among the files" in refusal("onnx", folder, unvouched)
    reason = refusal("tensorflow", folder, manifest)
    assert "saved_model.pb is not among the files" in reason or "tensorflow is not installed" in reason


def test_without_a_service_level_the_plan_stays():
    assert fitted(MEASURED, None) == (MEASURED, (), False)


@pytest.mark.parametrize(("slo_p99_ms", "rows"), [(1000, 16), (30, 8), (10, 4), (3, 1)])
def test_a_service_level_bounds_the_batch(slo_p99_ms, rows):
    plan, why, is_degraded = fitted(MEASURED, slo_p99_ms)
    assert (plan.max_batch_rows, is_degraded) == (rows, False)
    expected = () if rows == 16 else (f"slo_p99_ms {slo_p99_ms} bounds the batch to {rows} rows; the plan has 16",)
    assert why == expected


def test_where_one_row_does_not_hold_the_service_level_rows_run_one_by_one_and_it_is_told():
    plan, why, is_degraded = fitted(MEASURED, 2)
    assert (plan.max_batch_rows, is_degraded) == (1, True)
    assert why == ("slo_p99_ms 2 leaves 0.8 ms for a batch, but a batch of 1 takes 1 ms; rows run one by one",)


def test_a_service_level_for_a_model_that_nobody_measured_is_told():
    plan, why, is_degraded = fitted(Plan(runtime="onnx"), 20)
    assert (plan.max_batch_rows, is_degraded) == (32, True)
    assert why == ("slo_p99_ms is 20, but the batches were not measured; run `horngate calibrate`",)


def test_more_threads_than_cores_are_not_used():
    cores = len(os.sched_getaffinity(0))
    plan, why, is_degraded = fitted(MEASURED.model_copy(update={"threads": cores + 1}), None)
    assert (plan.threads, plan.batch_seconds, is_degraded) == (cores, {}, True)
    assert why == (
        f"the plan asks for {cores + 1} threads; the machine has {cores} cores; run `horngate calibrate` here",
    )
