import subprocess

import onnx
import pytest

from app.cli.doctor import runtimes
from app.cli.doctor.runtimes import TINY, check_gpu, check_runtimes, check_tensorflow
from app.inference.runtimes.fake import FakeRuntime
from app.types import Signature, TensorSpec

SIGNATURE = Signature(*([TensorSpec(name, "float32", (None, 2))] for name in "xy"))


def test_the_tiny_model_is_a_right_one():
    onnx.checker.check_model(onnx.load_model_from_string(TINY))


def test_installed_runtimes_run_the_tiny_model():
    assert [finding.level for finding in check_runtimes()] == ["ok", "ok"]


def test_a_package_that_is_not_installed_is_told(monkeypatch):
    monkeypatch.setattr(runtimes, "find_spec", lambda _: None)
    assert all("is not installed" in finding.found for finding in check_runtimes())
    told, finding = check_tensorflow()
    assert (told, finding.level) == ({}, "ok")


@pytest.mark.parametrize(
    ("answer", "told"), [(lambda _: 1 / 0, "cannot be used"), (lambda t: {"y": t["x"]}, "1 + 1 is [[1.0")]
)
def test_a_runtime_that_fails_or_errs_is_a_problem(monkeypatch, answer, told):
    monkeypatch.setattr(runtimes, "make_runtime", lambda *_: FakeRuntime(SIGNATURE, answer))
    finding = next(check_runtimes())
    assert finding.level == "problem"
    assert told in finding.found


def test_a_package_without_a_version_is_still_tried(monkeypatch):
    def absent(name):
        raise runtimes.PackageNotFoundError(name)

    monkeypatch.setattr(runtimes, "version", absent)
    assert "of unknown version" in next(check_runtimes()).found


def test_tensorflow_is_tried_in_a_process_of_its_own():
    pytest.importorskip("tensorflow", reason="needs the tensorflow extra")
    told, finding = check_tensorflow()
    assert finding.level == "ok"
    assert finding.found == f"tensorflow {told['version']} saves, loads and runs a tiny model"


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        (subprocess.CompletedProcess([], 1, "", "Traceback\nImportError: no libcuda\n"), "ImportError: no libcuda"),
        (subprocess.CompletedProcess([], -11, "", ""), "exit code -11"),
        (subprocess.TimeoutExpired([], 1), "gave no answer within"),
    ],
)
def test_a_tensorflow_that_cannot_be_used_is_a_problem(monkeypatch, ended, told):
    def run(*_, **__):
        if isinstance(ended, Exception):
            raise ended
        return ended

    monkeypatch.setattr(runtimes, "find_spec", lambda _: object())
    monkeypatch.setattr(runtimes.subprocess, "run", run)
    finding = check_tensorflow()[1]
    assert finding.level == "problem"
    assert told in finding.found


@pytest.mark.parametrize(
    ("seen", "listed", "level"),
    [(None, [], "ok"), (None, ["H200"], "ok"), ([], ["H200"], "warning"), (["GPU:0"], ["H200"], "ok")],
)
def test_a_gpu_that_tensorflow_does_not_see_is_a_warning(seen, listed, level):
    assert check_gpu(seen, listed).level == level
