import numpy as np
import pytest

pytest.importorskip("keras", reason="training needs the tensorflow extra")

from scripts.training.augmentation import augmentation_of
from scripts.training.recipe import read_recipe
from scripts.training.vocabulary import UNKNOWN_ID


@pytest.fixture
def change(recipe_file):
    """Builds the change that a tiny recipe of the task asks for, its augmentation's settings replaced."""

    def build(task, **settings):
        recipe = read_recipe(recipe_file(task))
        return augmentation_of(
            recipe.model_copy(update={"augmentation": recipe.augmentation.model_copy(update=settings)})
        )

    return build


STILL = {"shift": 0, "rotation": 0, "scale": 0}


@pytest.fixture
def bars():
    images = np.zeros((6, 28, 28, 1), np.float32)
    images[:, 8:20, 12:16] = 1
    return images


def test_a_recipe_without_augmentation_changes_nothing(recipe_file):
    assert augmentation_of(read_recipe(recipe_file("topic"))) is None


def test_an_augmentation_of_nothing_changes_nothing(change, bars):
    changed = change("digit", **STILL)(bars, np.random.default_rng(0))
    np.testing.assert_allclose(changed, bars, atol=1e-6)


def test_images_move_by_at_most_the_shift_and_keep_their_ink(change, bars):
    changed = change("digit", **STILL | {"shift": 3})(bars, np.random.default_rng(0))
    rows, columns = (np.tensordot(changed[..., 0].sum(axis=axis), np.arange(28), 1) / 48 for axis in (2, 1))
    assert np.abs(rows - 13.5).max() <= 3
    assert np.abs(columns - 13.5).max() <= 3
    assert not np.allclose(changed, bars)
    np.testing.assert_allclose(changed.sum(axis=(1, 2, 3)), 48, rtol=0.02)


def test_images_are_scaled_by_at_most_the_share(change, bars):
    areas = change("digit", **STILL | {"scale": 0.25})(bars, np.random.default_rng(0)).sum(axis=(1, 2, 3)) / 48
    assert areas.min() >= 0.75**2 - 0.02
    assert areas.max() <= 1.25**2 + 0.02
    assert np.ptp(areas) > 0.05


def test_a_turned_image_stays_at_its_centre(change, bars):
    changed = change("digit", **STILL | {"rotation": 30, "shear": 0.2})(bars, np.random.default_rng(0))
    centres = np.tensordot(changed[..., 0].sum(axis=2), np.arange(28), 1) / changed.sum(axis=(1, 2, 3))
    np.testing.assert_allclose(centres, 13.5, atol=0.1)


def padded(length, reach=12):
    """A thousand rows of the tokens 2, 3, … of that number, padded in front."""
    return np.tile(np.pad(np.arange(2, length + 2, dtype=np.int32), (reach - length, 0)), (1000, 1))


def test_the_share_of_unknown_tokens_is_the_recipes(change):
    changed = change("sentiment", unknown_share=0.25)(padded(4), np.random.default_rng(0))
    assert (changed == UNKNOWN_ID).sum() / (changed > 0).sum() == pytest.approx(0.25, abs=0.03)
    assert (changed.shape, changed.dtype) == ((1000, 12), np.int32)


def test_padding_never_becomes_a_word(change):
    assert not change("sentiment", unknown_share=0.9)(np.zeros((9, 12), np.int32), np.random.default_rng(0)).any()
