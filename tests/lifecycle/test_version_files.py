"""What a version folder says of itself; tests/lifecycle/test_loader.py damages whole folders."""

import pytest

from app.errors import ModelInvalid
from app.lifecycle.version_files import derive_manifest, read_version
from app.repository.scanner import VersionFolder
from app.types import Signature, TensorSpec


def version(folder):
    """The folder as the scanner finds it."""
    return VersionFolder(folder.parent.name, int(folder.name), folder)


def test_the_manifest_is_read_once_the_files_agree(tmp_path, build_topic):
    folder = build_topic(tmp_path)
    assert read_version(version(folder)).name == "topic"
    (folder / "model.onnx").write_bytes(b"other")
    with pytest.raises(ModelInvalid, match=r"model\.onnx has another SHA-256"):
        read_version(version(folder))


def test_a_folder_with_only_a_saved_model_has_none(tmp_path):
    folder = tmp_path / "net" / "2"
    folder.mkdir(parents=True)
    (folder / "saved_model.pb").write_bytes(b"graph")
    assert read_version(version(folder)) is None
    (folder / "model.onnx").write_bytes(b"graph")
    with pytest.raises(ModelInvalid, match="the export did not finish"):
        read_version(version(folder))


def test_what_can_be_said_of_an_adopted_folder_is_its_name_and_its_tensors(tmp_path):
    signature = Signature((TensorSpec("x", "float32", (None, 2)),), (TensorSpec("y", "float32", (None, 1)),))
    manifest = derive_manifest(VersionFolder("net", 2, tmp_path), signature)
    assert (manifest.name, manifest.version, manifest.task, manifest.plan) == ("net", 2, "tensor", None)
    assert manifest.signature.signature() == signature
