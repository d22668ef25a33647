import zipfile

import pytest

from app.conversion import source
from app.conversion.errors import SourceInvalid
from app.conversion.source import check_packages, recognise


def test_the_three_formats_are_told_apart(tmp_path, write):
    with zipfile.ZipFile(tmp_path / "net.keras", "w"):
        pass
    write("exported/saved_model.pb", b"a graph")
    assert recognise(tmp_path / "net.keras").kind == "keras"
    assert recognise(write("net.onnx", b"a graph")).kind == "onnx"
    assert recognise(tmp_path / "exported").signature == "serving_default"
    assert recognise(tmp_path / "exported", "double").signature == "double"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("net.keras", r"net\.keras is no \.keras archive, or not a whole one"),
        ("net.h5", "received an HDF5 file; read it with keras.models.load_model"),
        ("net.tflite", "received a LiteRT file"),
        ("saved_model.pb", "received one file of a SavedModel; name its folder"),
        ("notes.txt", r"expected a \.keras file, a SavedModel's folder or an \.onnx file; received notes\.txt"),
    ],
)
def test_another_file_says_what_it_is_and_what_to_do(write, name, message):
    with pytest.raises(SourceInvalid, match=message):
        recognise(write(name, b"junk"))


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(SourceInvalid, match=r"there is nothing at .*absent"):
        recognise(tmp_path / "absent")


def test_a_folder_of_versions_names_the_newest(tmp_path, write):
    with pytest.raises(SourceInvalid, match=r"there is none; write one with model\.export"):
        recognise(tmp_path)
    write("1/saved_model.pb", b"")
    write("2/saved_model.pb", b"")
    with pytest.raises(SourceInvalid, match=r"did you mean .*/2\?"):
        recognise(tmp_path)


def test_only_a_saved_model_has_signatures(write):
    with pytest.raises(SourceInvalid, match="leave --signature out"):
        recognise(write("net.onnx", b""), "double")


def test_a_package_that_is_missing_is_named_with_the_extra_that_brings_it(write, monkeypatch):
    monkeypatch.setattr(source, "PACKAGES", ("numpy", "no_such_package"))
    folder = write("exported/saved_model.pb", b"").parent
    with pytest.raises(SourceInvalid, match=r"no_such_package, which is not installed.*horngate\[tensorflow\]"):
        check_packages(recognise(folder))
    check_packages(recognise(write("net.onnx", b"")))
