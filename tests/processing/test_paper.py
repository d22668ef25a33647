"""What of a picture was drawn, whatever light fell on it."""

import numpy as np
import pytest

from app.errors import InputInvalid
from app.processing.mnist import INK_LEVEL
from app.processing.paper import MIN_LINE_SHARE, ink_of

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


def ruled(levels, spacing, share, *, squared=False):
    """The same sheet with lines that many pixels apart, two wide and darker by that share."""
    lines = (np.arange(max(levels.shape)) + spacing // 2) % spacing < 2
    down, across = levels.shape
    is_line = lines[:down, np.newaxis] | (lines[:across] & squared)
    return np.where(is_line, levels * (1 - share), levels)


@pytest.mark.parametrize("light", LIGHT.values(), ids=LIGHT.keys())
@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("darkness", [0.1, 0.25])
def test_the_lines_of_writing_paper_are_no_ink(drawn, light, squared, darkness):
    sheet = ruled(light, 16, darkness, squared=squared)
    ink = ink_of(np.where(drawn, light * 0.1, sheet).clip(0, 1).astype(np.float32))
    assert (ink[drawn] > 0.5).all()
    far = np.ones(drawn.shape, bool)
    far[28:62, 48:62] = False
    assert (ink[far] < INK_LEVEL).all()
    assert (ink[far] > MIN_LINE_SHARE).mean() < 0.2


def test_light_lines_on_a_dark_board_are_no_ink(drawn):
    board = ruled(np.full(drawn.shape, 0.2), 20, -1.0)
    ink = ink_of(np.where(drawn, 0.95, board).astype(np.float32))
    assert (ink[drawn] > 0.5).all()
    assert not ink[:28].any()


def test_a_stroke_that_crosses_the_whole_sheet_as_dark_as_all_ink_is_ink():
    grey = np.full((60, 60), 0.9, np.float32)
    grey[:, 28:32] = 0.1
    assert np.array_equal(ink_of(grey) > 0.5, grey < 0.5)


@pytest.mark.parametrize("noise", [0, 0.01])
@pytest.mark.parametrize("depth", [0.2, 0.4])
def test_the_edge_of_a_shadow_is_no_ink(drawn, noise, depth):
    for shade in (((COLUMN + ROW - 0.9) / 0.15), ((0.5 - ROW) / 0.1), ((COLUMN - 0.4) / 0.1)):
        light = 0.9 * (1 - depth * shade.clip(0, 1)) + np.random.default_rng(1).normal(0, noise, ROW.shape)
        ink = ink_of(np.where(drawn, 0.1, light).clip(0, 1).astype(np.float32))
        assert (ink[drawn] > 0.3).all()
        assert (ink[~drawn] < INK_LEVEL).all()


def test_ink_at_the_border_of_a_clean_drawing_does_not_make_it_a_photograph():
    grey = np.ones((40, 40), np.float32)
    grey[:, 18:22] = 0.3
    assert np.array_equal(ink_of(grey), (grey < 1).astype(np.float32))


def test_a_picture_of_a_few_pixels_is_a_drawing_however_much_of_its_border_has_ink():
    grey = np.zeros((8, 8), np.float32)
    grey[:, 2:5] = 0.5
    grey[2:6, 3] = 1
    assert np.array_equal(ink_of(grey), grey)
