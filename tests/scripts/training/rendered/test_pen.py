"""Ink of other pens."""

import numpy as np
import pytest

from scripts.training.rendered.pen import ENLARGED, sized, turned, written


@pytest.fixture
def bar():
    """An upright bar in MNIST's form."""
    digit = np.zeros((28, 28), np.float32)
    digit[4:24, 12:16] = 1
    return digit


def test_an_ordinary_pen_keeps_the_strokes_width(bar):
    ink = written(bar, 0)
    assert ink.shape == (112, 112)
    assert abs(ink[56].sum() - 4 * ENLARGED) < 2


def test_a_bolder_pen_writes_wider_strokes_and_a_finer_one_narrower(bar):
    widths = [written(bar, boldness)[56].sum() for boldness in (-1, -0.5, 0, 0.5, 1)]
    assert widths == sorted(widths)
    assert widths[0] < 0.6 * widths[2]
    assert widths[4] > 1.3 * widths[2]


def test_a_fine_pen_breaks_no_stroke(bar):
    assert (written(bar, -1)[24:88].max(axis=1) > 0.3).all()


def test_turned_ink_is_cut_to_what_was_written(bar):
    upright, flat = turned(written(bar, 0), 0), turned(written(bar, 0), 90)
    assert upright.shape[0] > 4 * upright.shape[1]
    assert np.abs(np.subtract(upright.shape, flat.shape[::-1])).max() <= 2


@pytest.mark.parametrize("height", [12, 50, 400])
def test_sized_ink_has_that_height_and_its_proportions(bar, height):
    ink = sized(turned(written(bar, 0), 0), height)
    assert ink.shape[0] == height
    assert ink.shape[1] == pytest.approx(height / 5, rel=0.3)
    assert ink.max() > 0.9
