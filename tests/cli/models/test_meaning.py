from pathlib import Path

import pytest

from app.cli.models.meaning import Meaning, meaning_of
from app.conversion.result import Converted
from app.conversion.source import Source
from app.errors import ModelInvalid
from app.types import Signature, TensorSpec

PICTURES = TensorSpec("x", "float32", (None, 28, 28, 1))
SHARES = TensorSpec("shares", "float32", (None, 3))


def made(*outputs, probabilities=("shares",)):
    return Converted(Signature((PICTURES,), outputs), {}, probabilities)


@pytest.fixture
def source(tmp_path):
    return Source(tmp_path / "net.onnx", "onnx")


def test_a_model_without_labels_passes_tensors(source):
    assert meaning_of("tensor", None, source, made(SHARES)) == Meaning("tensor")


def test_labels_name_the_classes_of_the_output_that_has_as_many(source):
    assert meaning_of("tensor", "a,b,c", source, made(SHARES)) == Meaning("tensor", ("a", "b", "c"))


@pytest.mark.parametrize(
    ("labels", "probabilities", "message"),
    [
        ("a,b", ("shares",), r"expected an output \[-1, 2\] of floats for 2 labels; received shares \[-1, 3\] float32"),
        ("a,b,c", (), "expected probabilities in 'shares'.*put a softmax behind it"),
    ],
)
def test_labels_that_fit_no_output_are_refused(source, labels, probabilities, message):
    with pytest.raises(ModelInvalid, match=message):
        meaning_of("tensor", labels, source, made(SHARES, probabilities=probabilities))


def test_a_labels_file_that_lies_there_and_fits_nothing_is_told_and_left_out(source, write):
    write("labels.txt", "a\nb\n")
    meaning = meaning_of("tensor", None, source, made(SHARES))
    assert meaning.labels == ()
    assert meaning.note.startswith("labels.txt is left out: expected an output [-1, 2]")


def test_digits_are_read_from_pictures_of_28_by_28(source):
    digits = TensorSpec("y", "float32", (None, 10))
    assert meaning_of("digit", None, source, made(digits)) == Meaning("digit")
    with pytest.raises(ModelInvalid, match=r"expected one input \[-1, 28, 28, 1\] float32.*add it as a tensor model"):
        meaning_of("digit", None, source, made(SHARES))


def test_a_source_elsewhere_has_no_labels(tmp_path):
    assert meaning_of("tensor", None, Source(Path("absent/net.onnx"), "onnx"), made(SHARES)).labels == ()
