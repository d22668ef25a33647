"""The parent's side; the children are small programs."""

import os
import sys

import pytest

from app.conversion import process
from app.conversion.errors import ConversionFailed, SourceInvalid
from app.conversion.process import convert_in_child
from app.conversion.result import Parity
from app.conversion.source import Source


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Lets the child be a program of these lines."""

    def make(code):
        (tmp_path / "stand_in.py").write_text(code)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
        monkeypatch.setattr(process, "PROGRAM", "stand_in")
        return Source(tmp_path / "net.keras", "keras")

    return make


def test_the_last_line_is_the_answer(child, tmp_path):
    code = """print("noise")
print('{"signature": {"inputs": [{"name": "x", "dtype": "float32", "shape": [null]}], "outputs": [{"name": "y",'
      ' "dtype": "float32", "shape": [null]}]}, "parity": {"tensorflow": {"rows": 2, "max_abs_diff": 0.5},'
      ' "onnx": "no"}, "probabilities": ["y"]}')"""
    made = convert_in_child(child(code), tmp_path)
    assert made.signature.inputs[0].shape == (None,)
    assert made.parity == {"tensorflow": Parity(2, 0.5), "onnx": "no"}
    assert made.probabilities == ("y",)


@pytest.mark.parametrize(
    ("code", "error", "message"),
    [
        ("""print('{"error": "no such layer"}')""", SourceInvalid, "^no such layer$"),
        ("raise SystemExit('out of luck')", ConversionFailed, r"net\.keras failed \(exit code 1\): out of luck"),
        ("", ConversionFailed, r"failed \(exit code 0\): it said nothing"),
        ("import os; os.kill(os.getpid(), 9)", ConversionFailed, "memory ran out; convert it on a larger machine"),
        ("import os; os.kill(os.getpid(), 6)", ConversionFailed, r"failed \(SIGABRT\)"),
    ],
    ids=["source", "exit", "silence", "killed", "aborted"],
)
def test_a_child_that_gives_no_result_is_one_line(child, tmp_path, code, error, message):
    with pytest.raises(error, match=message):
        convert_in_child(child(code), tmp_path)


def test_a_child_that_hangs_is_given_up(child, tmp_path, monkeypatch):
    monkeypatch.setattr(process, "CONVERSION_SECONDS", 0.2)
    with pytest.raises(ConversionFailed, match=r"not converted within 0\.2 s"):
        convert_in_child(child("import threading; threading.Event().wait()"), tmp_path)


def test_a_users_folder_called_app_is_not_taken_for_ours(child, tmp_path, monkeypatch):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "app.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.chdir(tmp_path / "work")
    with pytest.raises(SourceInvalid, match="the right one"):
        convert_in_child(child("""import app.types; print('{"error": "the right one"}')"""), tmp_path)
