"""A digit's ink in MNIST's form."""

import numpy as np
import pytest

from app.processing.mnist import in_mnists_form


def ink(height, width, top=0, left=0, shape=None):
    """A filled rectangle of ink in a picture of that shape."""
    picture = np.zeros(shape or (height, width), np.float32)
    picture[top : top + height, left : left + width] = 1
    return picture


@pytest.mark.parametrize(
    ("shape", "box"), [((20, 9), (20, 9)), ((10, 40), (5, 20)), ((3, 90), (1, 20)), ((1, 1), (20, 20))]
)
def test_the_longer_side_becomes_twenty_and_the_proportions_stay(shape, box):
    digit = in_mnists_form(ink(*shape))
    rows, columns = (np.flatnonzero(digit.any(axis=axis)) for axis in (1, 0))
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == box
    assert digit.shape == (28, 28)
    assert digit.dtype == np.float32
    assert digit.max() == 1


def test_what_is_twenty_pixels_long_keeps_its_values():
    drawn = np.linspace(0.3, 1, 20 * 12, dtype=np.float32).reshape(20, 12)
    digit = in_mnists_form(np.pad(drawn, 5))
    rows, columns = (np.flatnonzero(digit.any(axis=axis)) for axis in (1, 0))
    assert np.array_equal(digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], drawn)


def test_faint_ink_around_the_digit_is_outside_of_its_box():
    picture = ink(20, 20, 10, 10, (40, 40))
    assert np.array_equal(in_mnists_form(np.maximum(picture, 0.25)), in_mnists_form(picture))


def test_a_thin_stroke_is_made_as_strong_as_a_thick_one():
    picture = np.zeros((100, 100), np.float32)
    picture[:, 50] = 1
    picture[50, :] = 1
    digit = in_mnists_form(picture)
    assert digit.max() == 1
    assert digit.min() == 0


def test_the_centre_of_mass_is_at_the_centre_as_far_as_the_digit_stays_inside():
    upper = in_mnists_form(np.vstack((ink(4, 20), np.full((16, 20), 0.3, np.float32))))
    rows = np.flatnonzero(upper.any(axis=1))
    assert upper.sum(axis=1) @ np.arange(28) / upper.sum() == pytest.approx(13.5, abs=0.5)
    assert rows[0] > 4
    heavy = ink(1, 20, 19, 0, (20, 20))
    heavy[:, 10] = 0.26
    rows = np.flatnonzero(in_mnists_form(heavy).any(axis=1))
    assert (rows[0], rows[-1]) == (0, 19)
