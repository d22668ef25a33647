"""Digits as other hands and pens would have written them."""

import numpy as np
import pytest

from scripts.training.image_augmentation import change_images
from scripts.training.recipe import ImageAugmentation


def changed(images, seed=0, **settings):
    """The images changed by an augmentation of these settings alone."""
    return change_images(ImageAugmentation(kind="image", **settings), images, np.random.default_rng(seed))


@pytest.fixture
def bars():
    """Upright bars in MNIST's form, 20 pixels long and 4 wide."""
    images = np.zeros((60, 28, 28, 1), np.float32)
    images[:, 4:24, 12:16] = 1
    return images


def places(images):
    """The centres of mass (rows, 2), down and across."""
    mass = images.sum(axis=(1, 2, 3))
    return np.stack([images[..., 0].sum(axis=axis) @ np.arange(28) / mass for axis in (2, 1)], axis=1)


def extents(images):
    """How long each digit is (rows, 2), down and across."""
    is_ink = images[..., 0] > 0.25
    return np.stack([is_ink.any(axis=axis).sum(axis=1) for axis in (2, 1)], axis=1)


def test_an_augmentation_of_nothing_leaves_a_digit_of_mnists_form_as_it_is(bars):
    np.testing.assert_allclose(changed(bars), bars, atol=1e-4)


@pytest.mark.parametrize("settings", [{"rotation": 30}, {"shear": 0.3, "stretch": 0.3}, {"elastic": 1.0}])
def test_whatever_happens_to_a_digit_it_is_brought_back_into_mnists_form(bars, settings):
    digits = changed(bars, **settings)
    assert not np.allclose(digits, bars, atol=0.1)
    assert np.abs(extents(digits).max(axis=1) - 20).max() <= 2
    np.testing.assert_allclose(places(digits), 13.5, atol=1.0)


def test_a_small_digit_at_the_side_is_brought_into_mnists_form():
    images = np.zeros((2, 28, 28, 1), np.float32)
    images[:, 2:12, 20:22] = 1
    digits = changed(images)
    assert np.abs(extents(digits).max(axis=1) - 20).max() <= 2
    np.testing.assert_allclose(places(digits), 13.5, atol=0.2)


def test_digits_are_shifted_by_at_most_the_shift(bars):
    moved = places(changed(bars, shift=3))
    assert np.abs(moved - 13.5).max() <= 3.01
    assert np.ptp(moved, axis=0).min() > 3


def test_digits_are_scaled_by_at_most_the_share(bars):
    areas = changed(bars, scale=0.1).sum(axis=(1, 2, 3)) / 80
    assert areas.min() >= 0.9**2 - 0.02
    assert areas.max() <= 1 / 0.9**2 + 0.02
    assert np.ptp(areas) > 0.1


def test_a_turned_bar_leans_by_at_most_the_rotation(bars):
    digits = changed(bars, rotation=20)[..., 0]
    top = digits[:, 6] @ np.arange(28) / digits[:, 6].sum(axis=1)
    bottom = digits[:, 21] @ np.arange(28) / digits[:, 21].sum(axis=1)
    lean = np.degrees(np.arctan2(top - bottom, 15))
    assert np.abs(lean).max() <= 21
    assert lean.max() > 10
    assert lean.min() < -10


def test_strokes_get_thicker_and_thinner(bars):
    mass = changed(bars, thickness=1.0).sum(axis=(1, 2, 3)) / 80
    assert mass.max() > 1.3
    assert mass.min() < 0.8
    assert (changed(bars, thickness=1.0).max(axis=(1, 2, 3)) == 1).all()


def test_a_blurred_digit_has_softer_edges_and_as_strong_ink(bars):
    digits = changed(bars, blur=1.0)
    assert ((digits > 0.01) & (digits < 0.99)).sum() > ((bars > 0.01) & (bars < 0.99)).sum()
    assert (digits.max(axis=(1, 2, 3)) == 1).all()


def test_fading_changes_grey_levels_alone(bars):
    grey = bars * 0.5
    grey[:, 4] = bars[:, 4]
    levels = changed(grey, fading=1.0)[:, 14, 13, 0]
    assert levels.min() >= 0.25 - 1e-3
    assert levels.max() <= 0.5**0.5 + 1e-3
    assert np.ptp(levels) > 0.2


def test_noise_stays_between_no_ink_and_full_ink(bars):
    digits = changed(bars, noise=0.3)
    assert digits.min() == 0
    assert digits.max() == 1
    assert digits[:, :3].std() > 0.03


def test_the_share_of_digits_is_changed_and_the_others_stay_as_they_are(bars):
    is_kept = (changed(np.repeat(bars, 10, axis=0), share=0.3, rotation=20) == bars[0]).all(axis=(1, 2, 3))
    assert is_kept.mean() == pytest.approx(0.7, abs=0.06)
    assert np.array_equal(changed(bars, share=0.0, rotation=20), bars)


def test_the_same_random_numbers_give_the_same_digits(bars):
    every = {"rotation": 9, "elastic": 1, "thickness": 0.5, "blur": 0.5, "fading": 0.5, "noise": 0.1}
    assert np.array_equal(changed(bars, **every), changed(bars, **every))
    assert not np.array_equal(changed(bars, **every), changed(bars, seed=1, **every))
    assert changed(bars, **every).dtype == np.float32


def test_an_empty_picture_stays_empty():
    blank = np.zeros((2, 28, 28, 1), np.float32)
    assert not changed(blank, rotation=9, elastic=1, thickness=0.5, blur=0.5, fading=0.5).any()
