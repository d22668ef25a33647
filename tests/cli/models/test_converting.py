import os
import sys

import onnx
import pytest

from app.cli.models.converting import converted
from app.conversion import process
from app.conversion.source import Source, recognise
from app.errors import ModelInvalid

STAND_IN = """
import sys
tensor = '{"name": "x", "dtype": "float32", "shape": [null]}'
print('{"signature": {"inputs": [%s], "outputs": [%s]}, "parity": {}, "probabilities": []}' % (tensor, tensor))
"""


def test_an_onnx_file_is_served_as_it_is(tmp_path, onnx_file):
    path = onnx_file("topic")
    made = converted(recognise(path), tmp_path)
    assert (tmp_path / "model.onnx").read_bytes() == path.read_bytes()
    assert (made.signature.inputs[0].name, made.parity, made.probabilities) == ("tokens", {}, ("probabilities",))


def test_weights_that_lie_in_another_file_are_told_with_what_to_do(tmp_path, onnx_file):
    path = onnx_file("digit")
    graph = onnx.load(path)
    onnx.save(graph, path, save_as_external_data=True, location="weights", size_threshold=0)
    with pytest.raises(
        ModelInvalid, match=r"save it as one file: onnx\.save\(model, path, save_as_external_data=False"
    ):
        converted(recognise(path), tmp_path)


def test_a_file_that_is_no_graph_is_told(tmp_path, write):
    with pytest.raises(ModelInvalid, match="cannot be loaded by ONNX Runtime: "):
        converted(recognise(write("net.onnx", b"junk")), tmp_path)


def test_the_other_formats_are_converted_in_a_process_of_their_own(tmp_path, monkeypatch):
    (tmp_path / "stand_in.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    monkeypatch.setattr(process, "PROGRAM", "stand_in")
    made = converted(Source(tmp_path / "net.keras", "keras"), tmp_path)
    assert made.signature.inputs[0].name == "x"
