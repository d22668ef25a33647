import hashlib
import json

from app.cli.models.origin import write_origin
from app.conversion.result import Converted, Parity
from app.conversion.source import Source
from app.types import Signature

MADE = Converted(Signature((), ()), {"tensorflow": Parity(64, 0.5), "onnx": "no such operation"}, ())


def test_the_report_names_the_source_by_its_content_and_what_converted_it(tmp_path, write):
    folder = write("exported/saved_model.pb", b"a graph").parent
    write_origin(tmp_path, Source(folder, "saved_model", "double"), MADE)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["source"] == {
        "name": "exported",
        "format": "saved_model",
        "sha256": hashlib.sha256(b"a graph").hexdigest(),
        "signature": "double",
    }
    assert report["parity"] == {
        "tensorflow": {"rows": 64, "max_abs_diff": 0.5},
        "onnx": {"failed": "no such operation"},
    }
    assert "onnx" in report["libraries"]


def test_an_onnx_file_was_converted_by_nothing(tmp_path, write):
    write_origin(tmp_path, Source(write("net.onnx", b"a graph"), "onnx"), Converted(MADE.signature, {}, ()))
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["source"]["name"], report["parity"], report["libraries"]) == ("net.onnx", {}, {})
