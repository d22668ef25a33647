import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="conversion needs the tensorflow extra")

from app.conversion.errors import SourceInvalid
from app.conversion.saved_model import read_saved_model
from app.types import TensorSpec


@pytest.mark.parametrize(("signature", "factor"), [("double", 2), ("halve", 0.5)])
def test_each_signature_is_a_function_of_its_own(two_signatures, signature, factor):
    function = read_saved_model(two_signatures, signature)
    assert function.inputs == (TensorSpec("x", "float32", (None, 2)),)
    rows = {"x": np.ones((3, 2), np.float32)}
    np.testing.assert_array_equal(function.answers(rows)["y"], rows["x"] * factor)


@pytest.mark.parametrize(
    ("signature", "message"),
    [
        ("serving_default", "it has: double, halve; name one with --signature"),
        ("duoble", "did you mean 'double'"),
    ],
)
def test_a_signature_that_is_not_there_names_those_that_are(two_signatures, signature, message):
    with pytest.raises(SourceInvalid, match=message):
        read_saved_model(two_signatures, signature)


def test_a_damaged_file_is_told(tmp_path, saved_model):
    (tmp_path / "saved_model.pb").write_bytes(b"junk")
    with pytest.raises(SourceInvalid, match=r"TensorFlow .* cannot load"):
        read_saved_model(tmp_path, "serving_default")
