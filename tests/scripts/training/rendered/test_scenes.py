"""From ink to the bytes of an image file."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from scripts.training.rendered.scenes import Scene, render
from scripts.training.rendered.sheets import LINED


@pytest.fixture
def bar():
    ink = np.zeros((112, 112), np.float32)
    ink[16:96, 48:64] = 1
    return ink


@pytest.fixture
def levels(bar):
    """The grey levels of the bar in a scene."""

    def take(scene, seed=0):
        data = render(bar, scene, np.random.default_rng(seed))
        return np.asarray(Image.open(io.BytesIO(data)), np.float32) / 255

    return take


def test_ink_and_paper_have_the_scenes_levels(levels):
    grey = levels(Scene(height=50, ink=0.2, paper=0.8, margin=0.5))
    assert grey[0, 0] == pytest.approx(0.8, abs=0.01)
    assert grey[50, grey.shape[1] // 2] == pytest.approx(0.2, abs=0.01)
    assert grey.shape[0] == 100


def test_an_off_centre_digit_stands_where_it_was_put(levels):
    rows, columns = np.nonzero(levels(Scene(off_centre=(-1.0, 1.0))) < 0.5)
    grey = levels(Scene())
    assert rows.min() <= 2
    assert columns.max() >= grey.shape[1] - 3


@pytest.mark.parametrize(
    "change", [{"ruling": LINED}, {"dimming": 0.4}, {"shade": 0.4}, {"grain": 0.05}, {"blur": 2.0}, {"noise": 0.05}]
)
def test_whatever_the_scene_adds_is_seen_and_is_the_same_for_the_same_seed(levels, change):
    plain, other = levels(Scene()), levels(replace(Scene(), **change))
    assert plain.shape == other.shape
    assert np.abs(plain - other).max() > 0.05
    assert np.array_equal(other, levels(replace(Scene(), **change)))


def test_a_quality_makes_a_jpeg_and_none_a_png(bar):
    files = [render(bar, Scene(quality=quality), np.random.default_rng(0)) for quality in (0, 30)]
    assert files[0].startswith(b"\x89PNG")
    assert files[1].startswith(b"\xff\xd8\xff")
