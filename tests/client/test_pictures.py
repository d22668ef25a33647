"""Pictures of every kind as the body of a request; that the server reads them is tested with the clients."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.client.errors import RequestRefused
from app.client.pictures import body_of

DIGIT = np.arange(784, dtype=np.uint8).reshape(28, 28)


def opened(text: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(text)))


@pytest.mark.parametrize("kind", ["L", "RGB", "RGBA"])
def test_a_pillow_image_goes_as_it_is(kind: str) -> None:
    body, is_many = body_of(Image.new(kind, (5, 4), 7))
    assert not is_many
    assert (opened(body["image"]).size, opened(body["image"]).mode) == ((5, 4), kind)


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (4, 5, 3)])
def test_an_array_goes_as_a_file_of_the_same_levels(shape: tuple[int, ...]) -> None:
    levels = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    (body, is_many) = body_of(levels)
    assert not is_many
    assert np.array_equal(np.array(opened(body["image"])), levels.reshape(4, 5, -1).squeeze())


def test_parts_of_the_brightest_become_levels() -> None:
    body, _ = body_of(np.array([[0.0, 0.5, 1.0]]))
    assert np.array_equal(np.array(opened(body["image"])), [[0, 128, 255]])


def test_a_view_that_is_not_contiguous_is_the_same_picture() -> None:
    levels = np.arange(40, dtype=np.uint8).reshape(8, 5)
    body, _ = body_of(levels.T[:, ::2])
    assert np.array_equal(np.array(opened(body["image"])), levels.T[:, ::2])


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (784,)])
def test_a_digit_of_28_by_28_goes_in_numbers(shape: tuple[int, ...]) -> None:
    assert body_of(DIGIT.reshape(shape)) == ({"pixels": DIGIT.tolist()}, False)


@pytest.mark.parametrize("shape", [(2, 28, 28), (2, 28, 28, 1), (2, 784)])
def test_an_array_with_one_dimension_more_is_several(shape: tuple[int, ...]) -> None:
    assert body_of(np.stack([DIGIT, DIGIT]).reshape(shape)) == ({"pixels": [DIGIT.tolist()] * 2}, True)


def test_several_pictures_are_a_list_of_files() -> None:
    body, is_many = body_of(np.zeros((2, 4, 5, 3)))
    assert is_many
    assert [opened(image).size for image in body["images"]] == [(5, 4)] * 2
    assert body_of([b"file"]) == ({"images": ["ZmlsZQ=="]}, True)
    assert body_of([]) == ({"images": []}, True)


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (None, "a numpy array, or a PIL image; received NoneType"),
        ("absent.png", "No such file"),
        (np.zeros((2, 2, 2, 2, 2)), "received 2×2×2×2×2"),
        (np.zeros((0, 4)), "received 0×4"),
        (np.full((4, 5), np.nan), "received nan to nan"),
        (np.full((4, 5), 256), "received 256 to 256"),
        (np.full((28, 28), -1), "received -1 to -1"),
        (np.full((4, 5), "x"), "expected numbers"),
        ([DIGIT, b"file"], "send them apart"),
    ],
)
def test_what_is_no_picture_is_refused_before_it_is_sent(picture: Any, why: str) -> None:
    with pytest.raises(RequestRefused, match=why) as caught:
        body_of(picture)
    assert (caught.value.code, caught.value.status) == ("input_invalid", None)
