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


def test_a_recipe_without_augmentation_changes_nothing(recipe_file):
    assert augmentation_of(read_recipe(recipe_file("topic"))) is None


def test_a_recipe_of_images_changes_images(change):
    images = np.zeros((3, 28, 28, 1), np.float32)
    images[:, 4:24, 10:18] = 1
    changed = change("digit", rotation=20)(images, np.random.default_rng(0))
    assert changed.shape == images.shape
    assert not np.allclose(changed, images)


def padded(length, reach=12):
    """A thousand rows of the tokens 2, 3, … of that number, padded in front."""
    return np.tile(np.pad(np.arange(2, length + 2, dtype=np.int32), (reach - length, 0)), (1000, 1))


def test_the_share_of_unknown_tokens_is_the_recipes(change):
    changed = change("sentiment", unknown_share=0.25)(padded(4), np.random.default_rng(0))
    assert (changed == UNKNOWN_ID).sum() / (changed > 0).sum() == pytest.approx(0.25, abs=0.03)
    assert (changed.shape, changed.dtype) == ((1000, 12), np.int32)


def test_padding_never_becomes_a_word(change):
    assert not change("sentiment", unknown_share=0.9)(np.zeros((9, 12), np.int32), np.random.default_rng(0)).any()
