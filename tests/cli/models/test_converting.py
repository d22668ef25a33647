import os
import sys

from app.cli.models.converting import converted
from app.conversion import process
from app.conversion.source import Source, recognise

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


def test_the_other_formats_are_converted_in_a_process_of_their_own(tmp_path, monkeypatch):
    (tmp_path / "stand_in.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    monkeypatch.setattr(process, "PROGRAM", "stand_in")
    made = converted(Source(tmp_path / "net.keras", "keras"), tmp_path)
    assert made.signature.inputs[0].name == "x"
