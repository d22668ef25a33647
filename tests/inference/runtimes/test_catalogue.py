"""Which runtimes there are, and why one is not."""

import sys

import pytest

from app.inference.runtimes.catalogue import IN_PROCESS, make_runtime, why_not
from app.inference.runtimes.onnx import OnnxRuntime
from app.inference.runtimes.openvino import OpenVinoRuntime
from app.inference.runtimes.process import ProcessRuntime


def test_every_runtime_is_made_without_loading_anything():
    assert isinstance(make_runtime("onnx", 1), OnnxRuntime)
    assert isinstance(make_runtime("openvino", 1), OpenVinoRuntime)
    assert isinstance(make_runtime("tensorflow", 1), ProcessRuntime)
    assert isinstance(make_runtime("tensorflow-xla", 1), ProcessRuntime)


def test_those_of_the_servers_own_process_are_named():
    assert {"onnx", "openvino"} == IN_PROCESS


def test_a_runtime_that_finds_package_and_file_can_serve(onnx_model):
    assert why_not("onnx", onnx_model) is None


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("onnx", "model.onnx"),
        ("openvino", "model.onnx or saved_model.pb"),
        ("tensorflow", "saved_model.pb"),
        ("tensorflow-xla", "saved_model.pb"),
    ],
)
def test_a_missing_file_is_named(tmp_path, monkeypatch, name, files):
    monkeypatch.setattr("importlib.util.find_spec", lambda package: object())
    assert why_not(name, tmp_path) == f"{files} is missing from the folder; export again"
    (tmp_path / files.split()[-1]).touch()
    assert why_not(name, tmp_path) is None


def test_a_missing_package_is_named_with_the_command_that_installs_it(onnx_model, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda package: None)
    command = "pip install 'horngate[tensorflow]' (or: make serve EXTRAS=tensorflow)"
    assert why_not("tensorflow", onnx_model) == f"tensorflow is not installed; install it with: {command}"
    assert why_not("onnx", onnx_model) == "onnxruntime is not installed; install it with: pip install 'horngate'"


@pytest.mark.parametrize("name", ["openvino", "tensorflow", "tensorflow-xla"])
def test_asking_imports_nothing(name, tmp_path):
    before = set(sys.modules)
    why_not(name, tmp_path)
    make_runtime(name, 1)
    assert not {module.partition(".")[0] for module in set(sys.modules) - before} & {"tensorflow", "openvino"}
