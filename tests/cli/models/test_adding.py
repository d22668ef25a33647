"""From a user's file to a version that a server opens, with a format that needs no TensorFlow."""

import errno
import json
import shutil

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from app.conversion.errors import SourceInvalid
from app.errors import HorngateError, ModelInvalid
from app.lifecycle.version_files import read_version
from app.repository.manifest import read_manifest
from app.repository.scanner import VersionFolder
from app.repository.versions import VersionTaken


def test_a_version_stands_there_whole_with_signature_plan_and_origin(add, onnx_file, models):
    source = onnx_file("adder")
    added = add(source, "sums")
    folder = models / "sums" / "1"
    manifest = read_version(VersionFolder("sums", 1, folder))
    assert [spec.name for spec in manifest.signature.inputs] == ["left", "right", "count"]
    assert manifest.plan == added.outcome.plan
    assert (folder / "model.onnx").read_bytes() == source.read_bytes()
    report = json.loads((folder / "report.json").read_text())
    assert (report["source"]["name"], report["source"]["format"]) == ("adder.onnx", "onnx")
    assert sorted(manifest.files) == ["model.onnx", "report.json"]
    assert [path.name for path in models.rglob(".*")] == []


def test_each_addition_is_the_next_version(add, onnx_file, models):
    for expected in ("mine/1", "mine/2"):
        assert add(onnx_file("adder")).outcome.name == expected
    assert add(onnx_file("adder"), version=7).outcome.name == "mine/7"
    with pytest.raises(VersionTaken, match="exists"):
        add(onnx_file("adder"), version=2)


def test_labels_make_a_classifier(add, onnx_file, models):
    add(onnx_file("topic"), labels="a,b,c,d")
    assert read_manifest(models / "mine" / "1").labels == ("a", "b", "c", "d")


def test_a_reader_of_digits_gets_its_task(add, onnx_file, models):
    add(onnx_file("digit"), task="digit")
    assert read_manifest(models / "mine" / "1").task == "digit"


def test_the_owners_service_level_bounds_the_plan(add, onnx_file, models):
    (models / "mine").mkdir(parents=True)
    (models / "mine" / "serving.json").write_text('{"slo_p99_ms": 50}')
    assert add(onnx_file("adder")).outcome.slo_p99_ms == 50


@pytest.mark.parametrize("name", ["Mine", "../mine", "", "a b", "x" * 65])
def test_a_name_that_no_model_can_have_is_refused(add, onnx_file, models, name):
    with pytest.raises(SourceInvalid, match=r"expected a name of a–z.*such as flowers; received"):
        add(onnx_file("adder"), name)
    assert not models.exists()


def test_what_fails_leaves_nothing(add, onnx_file, models):
    broken = onnx_file("adder")
    broken.write_bytes(b"no graph")
    with pytest.raises(ModelInvalid, match=r"model\.onnx cannot be loaded"):
        add(broken)
    with pytest.raises(HorngateError, match="4 labels"):
        add(onnx_file("digit"), labels="a,b,c,d")
    assert list(models.rglob("*")) == []


def test_a_full_disk_is_one_line_and_leaves_nothing(add, onnx_file, models, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    source = onnx_file("adder")
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(ModelInvalid, match=r"mine/1 cannot be written: No space left on device; nothing was left"):
        add(source)
    assert list(models.rglob("*")) == []


def test_a_model_that_fails_on_zeros_is_refused_as_a_server_would(add, models, tmp_path):
    path = tmp_path / "picky.onnx"
    onnx.save(graph_that_fails_on_zeros(), path)
    with pytest.raises(ModelInvalid, match="fails on a batch of zeros"):
        add(path)
    assert list(models.rglob("*")) == []


def graph_that_fails_on_zeros():
    """Looks up a table of one number at 0 for what is between 0 and 1, and beyond its end for zeros."""
    nodes = [
        helper.make_node("Ceil", ["x"], ["one"]),
        helper.make_node("Sub", ["one", "ones"], ["place"]),
        helper.make_node("Cast", ["place"], ["index"], to=TensorProto.INT64),
        helper.make_node("Mul", ["index", "far"], ["far_index"]),
        helper.make_node("Gather", ["table", "far_index"], ["y"]),
    ]
    info = helper.make_tensor_value_info
    weights = {"ones": np.array(1, np.float32), "far": np.array(-9), "table": np.array([7], np.float32)}
    initializers = [numpy_helper.from_array(array, name) for name, array in weights.items()]
    inputs, outputs = [info("x", TensorProto.FLOAT, ["rows"])], [info("y", TensorProto.FLOAT, ["rows"])]
    graph = helper.make_graph(nodes, "picky", inputs, outputs, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
