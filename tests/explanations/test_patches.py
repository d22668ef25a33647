"""Pictures without each of their patches."""

import numpy as np
import pytest

from app.explanations.patches import GRIDS, Grid, PatchOcclusion


def occlude(picture, max_rows=171):
    return PatchOcclusion.of({"pixels": picture[np.newaxis, ..., np.newaxis]}, max_rows)


@pytest.fixture
def bar():
    """An upright bar, two pixels wide."""
    picture = np.zeros((28, 28), np.float32)
    picture[4:24, 12:14] = 1
    return picture


@pytest.mark.parametrize("grid", GRIDS)
def test_a_grids_patches_cover_every_pixel(grid):
    covered = np.zeros((28, 28))
    for patch in grid.patches():
        covered[patch] += 1
        assert covered[patch].shape == (grid.size, grid.size)
    assert covered.min() > 0


def test_the_rows_are_the_whole_nothing_and_each_patch_painted_over(bar):
    occlusion = occlude(bar)
    rows = occlusion.tensors["pixels"]
    assert rows.shape == (2 + len(occlusion.patches), 28, 28, 1)
    assert rows.dtype == np.float32
    assert (rows[0, ..., 0] == bar).all()
    assert not rows[1].any()
    for row, patch in zip(rows[2:, ..., 0], occlusion.patches, strict=True):
        assert not row[patch].any()
        assert row.sum() == bar.sum() - bar[patch].sum() < bar.sum()


def test_patches_without_ink_are_not_asked(bar):
    occlusion = occlude(bar)
    assert len(occlusion.patches) == 22  # two columns of patches hold the bar, eleven of each
    assert occlusion.grid == Grid(4, 2)


@pytest.mark.parametrize(
    ("max_rows", "grid"), [(171, (4, 2)), (100, (4, 4)), (20, (7, 7)), (6, (14, 14)), (3, (28, 28))]
)
def test_fewer_rows_have_larger_patches(max_rows, grid):
    occlusion = occlude(np.ones((28, 28), np.float32), max_rows)
    assert occlusion.grid == grid
    assert len(occlusion.tensors["pixels"]) <= max_rows


def test_of_a_model_that_counts_ink_each_pixel_gets_its_own_and_all_of_them_the_difference(bar):
    for max_rows in (171, 30, 3):
        occlusion = occlude(bar, max_rows)
        ink = occlusion.tensors["pixels"].sum(axis=(1, 2, 3)).astype(float)
        shares = occlusion.contributions(ink[0] - ink[2:])
        assert shares.sum() == pytest.approx(bar.sum())
        assert shares[:, :8].sum() == (pytest.approx(bar.sum() * 8 / 28) if max_rows == 3 else 0)


def test_the_answer_shows_what_the_model_saw(bar):
    occlusion = occlude(bar)
    shares = np.full((28, 28), 0.123456789)
    told = occlusion.told(shares, -shares)
    assert told["picture"][4][11:15] == [0, 1, 1, 0]
    assert told["contributions"][0][0] == 0.12345679
    assert told["log_odds_contributions"][27][27] == -0.12345679
    method = told["method"]
    assert (method["patch"], method["stride"], method["rows"]) == (4, 2, len(occlusion.tensors["pixels"]))


def test_an_empty_picture_has_nothing_to_explain():
    occlusion = occlude(np.zeros((28, 28), np.float32))
    assert len(occlusion.tensors["pixels"]) == 2
    assert not occlusion.contributions(np.empty(0)).any()
