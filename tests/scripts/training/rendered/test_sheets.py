"""Paper and light."""

import numpy as np
import pytest

from scripts.training.rendered.sheets import LINED, PLAIN, SQUARED, grain, light, ruled, shadow

SHAPE = (60, 90)


@pytest.fixture
def random():
    return np.random.default_rng(7)


def test_plain_paper_has_no_lines(random):
    assert not ruled(PLAIN, SHAPE, 12, random).any()


@pytest.mark.parametrize("kind", [LINED, SQUARED])
def test_lines_cross_the_whole_sheet_at_their_spacing(random, kind):
    covered = ruled(kind, SHAPE, 12, random)
    assert covered.max() == pytest.approx(1, abs=0.01)
    assert covered.min() == 0
    middle = covered[:, 45] if kind == LINED else covered[30]
    lines = np.flatnonzero(np.diff((middle > 0.5).astype(int)) == 1)
    assert np.abs(np.diff(lines) - 12).max() <= 1


def test_the_grain_scatters_around_nothing_by_about_one(random):
    uneven = grain((200, 200), random)
    assert abs(uneven.mean()) < 0.1
    assert uneven.std() == pytest.approx(0.9, abs=0.2)


@pytest.mark.parametrize("falls", [light, shadow])
def test_light_and_shadow_take_at_most_their_strength(random, falls):
    for _ in range(5):
        share = falls(SHAPE, 0.4, random)
        assert share.shape == SHAPE
        assert share.max() == pytest.approx(1, abs=0.01)
        assert share.min() >= 0.6 - 1e-6


def test_a_shadow_darkens_one_side_and_leaves_the_other(random):
    share = shadow(SHAPE, 0.4, random)
    assert (share > 0.99).mean() > 0.05
    assert (share < 0.7).mean() > 0.05
