"""`manifest.json`: what vouches for a folder."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from app.errors import ModelInvalid
from app.repository.manifest import (
    Manifest,
    Plan,
    Tensors,
    read_manifest,
    sha256_of,
    verify_files,
    write_manifest,
    write_plan,
)
from app.types import Signature, TensorSpec

SIGNATURE = Signature(
    (TensorSpec("tokens", "int32", (None, 6)),), (TensorSpec("probabilities", "float32", (None, None)),)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """`net/3` with two files, one in a folder of its own."""
    folder = tmp_path / "net" / "3"
    (folder / "variables").mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"graph")
    (folder / "variables" / "data").write_bytes(b"weights")
    return folder


def content(**changes: object) -> dict[str, object]:
    return {
        "name": "net",
        "version": 3,
        "task": "tensor",
        "signature": Tensors.of(SIGNATURE),
        "plan": {"runtime": "onnx", "batch_seconds": {"1": 0.5}},
        **changes,
    }


def overwrite(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_what_is_written_is_read(folder):
    written = write_manifest(folder, content(labels=["a", "b"], neutral_band=[0.4, 0.6], text={"length": 6}))
    read = read_manifest(folder)
    assert read == written
    assert read.signature.signature() == SIGNATURE
    assert read.plan.batch_seconds == {1: 0.5}
    assert read.text.keep == "tail"
    verify_files(folder, read)


def test_every_other_file_is_hashed_by_its_relative_path(folder):
    files = write_manifest(folder, content()).files
    assert files == {
        "model.onnx": hashlib.sha256(b"graph").hexdigest(),
        "variables/data": hashlib.sha256(b"weights").hexdigest(),
    }
    assert sha256_of(folder / "model.onnx") == files["model.onnx"]


def test_writing_again_over_an_interrupted_writing_vouches_for_no_leftover(folder):
    (folder / ".manifest.json.partial").write_text("{")
    manifest = write_manifest(folder, content())
    verify_files(folder, manifest)
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "model.onnx", "variables"]


def test_a_missing_manifest_says_that_the_export_did_not_finish(folder):
    with pytest.raises(ModelInvalid, match=r"manifest\.json is missing: the export did not finish; export again"):
        read_manifest(folder)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff\xfe", b"null"])
def test_what_is_no_manifest_is_refused(folder, text):
    (folder / "manifest.json").write_bytes(text)
    with pytest.raises(ModelInvalid, match=r"^manifest\.json is not valid: "):
        read_manifest(folder)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"format": 2}, "format"),
        ({"name": "Net"}, "name"),
        ({"version": 0}, "version"),
        ({"task": "poetry"}, "task"),
        ({"signature": {"inputs": [], "outputs": []}}, r"signature\.inputs"),
        ({"text": {"length": 0}}, r"text\.length"),
        ({"text": {"length": 6, "buckets": [4, 2, 6]}}, "text"),
        ({"text": {"length": 6, "buckets": [2, 4]}}, "text"),
        ({"neutral_band": [0.4, 1.5]}, r"neutral_band\.1"),
        ({"plan": {"runtime": "abacus"}, "task": "poetry"}, "task"),
        ({"files": {"model.onnx": "abc"}}, r"files\.model\.onnx"),
        ({"surprise": 1}, "surprise"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_value_is_named(folder, change, place):
    write_manifest(folder, content())
    overwrite(folder, **change)
    with pytest.raises(ModelInvalid, match=f"not valid at {place}: "):
        read_manifest(folder)


@pytest.mark.parametrize(
    ("plan", "place"),
    [
        ({"runtime": "abacus"}, r"plan\.runtime"),
        ({"runtime": "onnx", "threads": 10**9}, r"plan\.threads"),
        ({"runtime": "onnx", "instances": 0}, r"plan\.instances"),
        ({"runtime": "onnx", "max_batch_rows": -1}, r"plan\.max_batch_rows"),
        ({"runtime": "onnx", "batch_seconds": {"8": -0.5}}, r"plan\.batch_seconds\.8"),
        ({"runtime": "onnx", "batch_seconds": {"0": 0.5}}, r"plan\.batch_seconds\.0"),
        ({"runtime": "onnx", "speed": "high"}, r"plan\.speed"),
        ({}, r"plan\.runtime"),
        ("fast", "plan"),
    ],
    ids=str,
)
def test_a_plan_that_makes_no_sense_is_left_out_and_its_key_named(folder, plan, place):
    written = write_manifest(folder, content())
    overwrite(folder, plan=plan)
    read = read_manifest(folder)
    assert (read.plan, read.files) == (None, written.files)
    assert re.match(rf"manifest\.json is not valid at {place}(\.\S+)?: ", read.plan_fault)


def test_a_manifest_may_have_no_plan(folder):
    write_manifest(folder, {key: value for key, value in content().items() if key != "plan"})
    assert (read_manifest(folder).plan, read_manifest(folder).plan_fault) == (None, None)


@pytest.mark.parametrize("before", [{"runtime": "onnx"}, {"runtime": "abacus"}], ids=["a plan", "nonsense"])
def test_a_plan_is_replaced_and_all_else_stays(folder, before):
    written = write_manifest(folder, content(labels=["a"]))
    overwrite(folder, plan=before)
    (folder / "model.onnx").write_bytes(b"changed behind its back")
    plan = Plan(runtime="openvino", threads=2, max_batch_rows=16, batch_seconds={16: 0.01}, differing=("onnx",))
    assert write_plan(folder, plan) == read_manifest(folder) == written.model_copy(update={"plan": plan})
    assert "plan_fault" not in (folder / "manifest.json").read_text()
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "model.onnx", "variables"]


def test_no_plan_is_written_where_there_is_no_manifest(folder):
    with pytest.raises(ModelInvalid, match="is missing"):
        write_plan(folder, Plan(runtime="onnx"))
    assert not (folder / "manifest.json").exists()


@pytest.mark.parametrize(("key", "value", "claimed"), [("name", "other", "other/3"), ("version", 4, "net/4")])
def test_the_manifest_of_another_folder_is_refused(folder, key, value, claimed):
    write_manifest(folder, content())
    overwrite(folder, **{key: value})
    with pytest.raises(ModelInvalid, match=f"is that of {claimed}; the folder is net/3"):
        read_manifest(folder)


def test_a_file_that_is_missing_or_another_is_named(folder):
    manifest = write_manifest(folder, content())
    (folder / "variables" / "data").write_bytes(b"other")
    with pytest.raises(ModelInvalid, match="variables/data has another SHA-256"):
        verify_files(folder, manifest)
    (folder / "variables" / "data").unlink()
    with pytest.raises(ModelInvalid, match="variables/data is missing"):
        verify_files(folder, manifest)


@pytest.mark.parametrize("outside", ["../other", "/etc/hostname"])
def test_a_file_outside_the_folder_is_never_read(folder, outside):
    write_manifest(folder, content())
    overwrite(folder, files={outside: "0" * 64})
    with pytest.raises(ModelInvalid, match="lies outside the folder"):
        verify_files(folder, read_manifest(folder))


def test_a_manifest_cannot_be_changed(folder):
    manifest = write_manifest(folder, content())
    with pytest.raises(ValueError, match="frozen"):
        manifest.version = 9
    assert isinstance(manifest, Manifest)
