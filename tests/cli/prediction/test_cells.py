from pathlib import Path

import numpy as np
import pytest

from app.cli.prediction.cells import numbers_in, picture_in, pixels_in, tensor_in, text_in
from app.labelled.errors import RowInvalid
from app.types import TensorSpec

FLOATS = TensorSpec("x", "float32", (None, 2))
WORDS = TensorSpec("x", "string", (None,))


@pytest.mark.parametrize(("value", "kind"), [(None, "nothing"), (3, "a int"), (["a"], "a list")])
def test_what_is_no_text_is_told(value, kind):
    assert text_in("good", "text") == "good"
    with pytest.raises(RowInvalid, match=f"expected a text in 'text'; received {kind}"):
        text_in(value, "text")


def test_a_picture_is_a_path_bytes_or_pixels():
    folder = Path("data")
    assert picture_in(" a.png ", "image", folder) == folder / "a.png"
    assert picture_in(b"bytes", "image", folder) == b"bytes"
    assert picture_in({"bytes": b"bytes", "path": "a.png"}, "image", folder) == b"bytes"
    assert picture_in({"bytes": None, "path": "a.png"}, "image", folder) == folder / "a.png"
    for pixels in ([0] * 783 + [255], str([0] * 783 + [255])):
        assert picture_in(pixels, "image", folder)[27, 27] == 255
    for value in (None, " ", 3):
        with pytest.raises(RowInvalid, match="expected a picture's path"):
            picture_in(value, "image", folder)
    with pytest.raises(RowInvalid, match="or a list in JSON"):
        picture_in("[1, 2", "image", folder)


@pytest.mark.parametrize(
    ("values", "message"),
    [([1] * 783, "28×28"), (["x"] * 784, "28×28"), ([256] * 784, "0 to 255"), ([np.nan] * 784, "0 to 255")],
)
def test_what_is_no_picture_of_pixels_is_told(values, message):
    with pytest.raises(RowInvalid, match=message):
        pixels_in(values)


def test_a_cell_of_a_tensor_is_read_as_json_unless_it_is_a_string():
    assert tensor_in("[1, 2.5]", "x", FLOATS) == [1, 2.5]
    assert tensor_in([1, 2], "x", FLOATS) == [1, 2]
    assert tensor_in("[1]", "x", WORDS) == "[1]"
    assert numbers_in(["1", 2], FLOATS) == [1, 2]
    with pytest.raises(RowInvalid, match="in 'x'; received 'one'"):
        tensor_in("one", "x", FLOATS)
