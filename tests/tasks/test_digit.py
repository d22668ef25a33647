"""A digit from a picture, or from pixels."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from app.errors import BodyMalformed, InputInvalid, TooLarge
from app.tasks.digit import DigitTask
from app.types import Signature, TensorSpec

SIGNATURE = Signature(
    (TensorSpec("pixels", "float32", (None, 28, 28, 1)),), (TensorSpec("probabilities", "float32", (None, 10)),)
)


@pytest.fixture
def task():
    return DigitTask(SIGNATURE)


def png(levels) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.asarray(levels, np.uint8)).save(file, "PNG")
    return file.getvalue()


BAR = np.zeros((40, 40), np.uint8)
BAR[5:35, 15:22] = 255
BLANK = np.zeros((40, 40), np.uint8)


def test_pictures_and_pixels_become_the_same_tensor(task):
    pixels = np.random.default_rng(1).random((28, 28))
    (tensors,) = task.preprocess([png(BAR), pixels]).groups
    assert list(tensors) == ["pixels"]
    assert tensors["pixels"].shape == (2, 28, 28, 1)
    assert tensors["pixels"].dtype == np.float32
    assert np.array_equal(tensors["pixels"][1, ..., 0], pixels.astype(np.float32))


def test_the_error_of_a_single_picture_is_its_own(task):
    with pytest.raises(InputInvalid, match=r"^expected a picture of a digit; received a blank picture$"):
        task.preprocess([png(BLANK)])


@pytest.mark.parametrize(
    ("picture", "error"), [(png(BLANK), InputInvalid), (b"text", BodyMalformed), (png(BAR)[:60], BodyMalformed)]
)
def test_the_error_of_one_among_many_says_which_it_was(task, picture, error):
    with pytest.raises(error, match=r"^image 2 of 3: ") as caught:
        task.preprocess([png(BAR), picture, png(BAR)])
    assert len(caught.value.faults) == (error is InputInvalid)


def test_a_picture_that_is_too_large_keeps_its_class_among_others(task):
    bomb = bytearray(png(BAR))
    bomb[16:24] = (30_000).to_bytes(4) * 2
    bomb[29:33] = zlib.crc32(bomb[12:29]).to_bytes(4)
    with pytest.raises(TooLarge, match=r"^image 1 of 2: "):
        task.preprocess([bytes(bomb), png(BAR)])


def test_probabilities_become_the_likeliest_digit(task):
    probabilities = np.full((2, 10), 0.05, np.float32)
    probabilities[0, 7] = probabilities[1, 0] = 0.55
    first, second = task.postprocess({"probabilities": probabilities})
    assert (first["digit"], first["score"]) == (7, 0.55)
    assert second["digit"] == 0
    assert len(first["probabilities"]) == 10
    assert first["probabilities"][1] == 0.05
