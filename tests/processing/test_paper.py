"""What of a picture was drawn, whatever light fell on it."""

import numpy as np
import pytest

from app.errors import InputInvalid
from app.processing.paper import ink_of

ROW, COLUMN = np.mgrid[:90, :120] / 100


@pytest.fixture
def drawn():
    """Where the ink is: a bar."""
    drawn = np.zeros((90, 120), bool)
    drawn[30:60, 50:60] = True
    return drawn


LIGHT = {
    "even": np.full_like(ROW, 0.8),
    "from the left": 0.9 - 0.5 * COLUMN,
    "from a corner": 0.5 + 0.2 * COLUMN + 0.25 * ROW,
    "a vignette": 0.9 - 0.8 * ((ROW - 0.45) ** 2 + (COLUMN - 0.6) ** 2),
}


@pytest.mark.parametrize("light", LIGHT.values(), ids=LIGHT.keys())
@pytest.mark.parametrize("noise", [0, 0.02])
def test_dark_ink_is_found_under_any_light(drawn, light, noise):
    grey = np.where(drawn, light * 0.2, light) + np.random.default_rng(1).normal(0, noise, light.shape)
    ink = ink_of(grey.clip(0, 1).astype(np.float32))
    assert ink.max() == 1
    assert ink.min() == 0
    assert (ink[drawn] > 0.5).all()
    assert (ink[~drawn] < 0.05).all()
    assert (ink[~drawn] < 1e-3).mean() > 0.98


def test_light_ink_on_dark_paper_is_found_as_well(drawn):
    light = LIGHT["from a corner"]
    ink = ink_of(np.where(drawn, 0.9, 0.4 * light).astype(np.float32))
    assert np.array_equal(ink > 0.5, drawn)


def test_ink_that_touches_the_border_does_not_bend_the_paper():
    grey = LIGHT["from the left"].astype(np.float32)
    drawn = np.zeros(grey.shape, bool)
    drawn[:, 55:65] = True
    ink = ink_of(np.where(drawn, 0.05, grey).astype(np.float32))
    assert (ink[drawn] > 0.5).all()
    assert (ink[~drawn] < 0.05).all()


def test_a_speck_of_light_does_not_turn_dark_ink_into_paper(drawn):
    grey = np.where(drawn, 0.2, 0.6).astype(np.float32)
    grey[10:13, 10:13] = 1
    assert (ink_of(grey)[drawn] == 1).all()
    assert ink_of(grey)[11, 11] == 0


def test_rough_paper_leaves_half_of_the_strongest_ink(drawn):
    generator = np.random.default_rng(1)
    grey = np.where(drawn, 0.0, 0.6 + generator.normal(0, 0.2, drawn.shape)).clip(0, 1).astype(np.float32)
    ink = ink_of(grey)
    assert ink[drawn].mean() > 0.9
    assert ink[~drawn].mean() < 0.1


@pytest.mark.parametrize("contrast", [0, 0.05, -0.05])
def test_what_hardly_differs_from_the_paper_is_a_blank_picture(drawn, contrast):
    with pytest.raises(InputInvalid, match="blank"):
        ink_of(np.where(drawn, 0.5 + contrast, 0.5).astype(np.float32))


def test_light_alone_is_a_blank_picture():
    for light in LIGHT.values():
        with pytest.raises(InputInvalid, match="blank"):
            ink_of(light.astype(np.float32))


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (2, 2)])
def test_a_picture_that_is_all_border_is_blank_or_ink(shape):
    grey = np.zeros(shape, np.float32)
    with pytest.raises(InputInvalid, match="blank"):
        ink_of(grey)
    grey[0, -1] = 1
    if grey.size > 1:
        assert ink_of(grey).shape == shape


def test_the_smallest_picture_with_a_border_is_read():
    grey = np.zeros((3, 3), np.float32)
    grey[1, 1] = 1
    assert np.array_equal(ink_of(grey), grey)
