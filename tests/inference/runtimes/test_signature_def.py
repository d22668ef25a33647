"""A SavedModel's names, read without TensorFlow."""

import pytest

from app.errors import ModelInvalid
from app.inference.runtimes.signature_def import read_signature_names


def field(number: int, content: bytes) -> bytes:
    """One field of a protocol buffer whose size is said."""
    assert len(content) < 128
    return bytes([number << 3 | 2, len(content)]) + content


def entry(number: int, key: str, value: bytes = b"") -> bytes:
    """One entry of a map."""
    return field(number, field(1, key.encode()) + field(2, value))


SIGNATURE = entry(1, "tokens") + entry(1, "längen") + entry(2, "scores") + field(3, b"method")
OTHERS = bytes([1 << 3 | 0, 0x81, 0x01, 3 << 3 | 1, *range(8), 4 << 3 | 5, *range(4)])
"""A varint of two bytes, a number of 8 and one of 4, which are passed over."""


def model(*signatures: tuple[str, bytes]) -> bytes:
    """A SavedModel with these signatures in its graph."""
    return OTHERS + field(2, OTHERS + b"".join(entry(5, name, content) for name, content in signatures))


def test_the_serving_signatures_inputs_and_outputs_are_named(tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(model(("__init", b""), ("serving_default", SIGNATURE)))
    names = read_signature_names(tmp_path)
    assert names.inputs == {"tokens", "längen"}
    assert names.outputs == {"scores"}


def test_a_model_that_tensorflow_saved_is_read(saved_model):
    names = read_signature_names(saved_model)
    assert names.inputs == {"values", "ids"}
    assert names.outputs == {"doubled", "picked"}


@pytest.mark.parametrize(
    ("signatures", "received"), [([], "none"), ([("__init", b"")], "none"), ([("other", SIGNATURE)], "other")]
)
def test_a_model_without_the_serving_signature_says_what_it_has(tmp_path, signatures, received):
    (tmp_path / "saved_model.pb").write_bytes(model(*signatures))
    with pytest.raises(ModelInvalid, match=f"expected a signature 'serving_default'; received {received}"):
        read_signature_names(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"this is no model",
        model(("serving_default", SIGNATURE))[:-3],
        bytes([2 << 3 | 2]),
        bytes([2 << 3 | 3]),
        field(2, field(5, field(1, b"\xff"))),
    ],
    ids=["text", "cut off", "no size", "unknown wire type", "no text"],
)
def test_what_is_no_saved_model_is_an_invalid_model(tmp_path, content):
    (tmp_path / "saved_model.pb").write_bytes(content)
    with pytest.raises(ModelInvalid, match=r"saved_model\.pb cannot be read as a SavedModel"):
        read_signature_names(tmp_path)


def test_a_missing_file_is_an_invalid_model(tmp_path):
    with pytest.raises(ModelInvalid, match=r"saved_model\.pb cannot be read"):
        read_signature_names(tmp_path)
