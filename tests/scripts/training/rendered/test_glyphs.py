"""Digits of our own strokes."""

import numpy as np
import pytest

from scripts.training.rendered.glyphs import GLYPHS, drawn


@pytest.mark.parametrize("digit", range(10))
def test_every_digit_is_drawn_whole_and_inside_the_canvas(digit):
    for seed in range(8):
        ink = drawn(digit, 0.08, np.random.default_rng(seed))
        assert ink.shape == (112, 112)
        assert ink.max() == 1
        assert not np.concatenate((ink[:3], ink[-3:], ink.T[:3], ink.T[-3:]), axis=None).any()
        assert 50 < np.flatnonzero(ink.max(axis=1) > 0.5).size < 100


def test_no_two_drawings_are_alike_unless_their_seed_is():
    one, other, same = (drawn(8, 0.05, np.random.default_rng(seed)) for seed in (1, 2, 1))
    assert not np.array_equal(one, other)
    assert np.array_equal(one, same)


def test_a_wider_pen_leaves_more_ink():
    thin, thick = (drawn(3, width, np.random.default_rng(4)).sum() for width in (0.03, 0.1))
    assert thick > 2 * thin


def test_there_is_a_form_for_every_digit_and_the_common_ones_have_several():
    assert sorted(GLYPHS) == list(range(10))
    assert all(len(GLYPHS[digit]) > 1 for digit in (1, 2, 4, 7))
