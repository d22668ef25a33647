import numpy as np
import pytest

pytest.importorskip("keras", reason="training needs the tensorflow extra")

from scripts.training.crops import crops_of
from scripts.training.recipe import read_recipe


@pytest.fixture
def crop(recipe_file):
    """Crops (rows, reach) to (rows, 8) as a tiny recipe asks for, its augmentation's settings replaced."""

    def build(tokens, keep="tail", **settings):
        recipe = read_recipe(recipe_file())
        update = {
            "augmentation": recipe.augmentation.model_copy(update=settings),
            "text": recipe.text.model_copy(update={"keep": keep}),
        }
        draw = crops_of(recipe.model_copy(update=update))
        crops = draw((tokens > 0).sum(axis=1), np.random.default_rng(0))
        return crops.take(np.arange(len(tokens)), tokens, 8)

    return build


def padded(length, reach=12):
    """A thousand rows of the tokens 2, 3, … of that number, padded in front."""
    return np.tile(np.pad(np.arange(2, length + 2, dtype=np.int32), (reach - length, 0)), (1000, 1))


def test_a_cropped_text_is_a_run_of_its_tokens_padded_in_front(crop):
    changed = crop(padded(11), crop_share=0.5, crop_min_tokens=3)
    runs = [row[row > 0] for row in changed]
    assert (changed.shape, changed.dtype) == ((1000, 8), np.int32)
    assert all((np.diff(run) == 1).all() for run in runs)
    assert all((row[8 - len(run) :] == run).all() for row, run in zip(changed, runs, strict=True))
    assert {len(run) for run in runs} == set(range(3, 9))
    assert {run[0] for run in runs} == set(range(2, 11))


@pytest.mark.parametrize(("keep", "first"), [("tail", 5), ("head", 2)])
def test_a_text_that_is_not_cropped_keeps_the_end_that_serving_keeps(crop, keep, first):
    np.testing.assert_array_equal(crop(padded(11), keep, crop_share=0)[0], np.arange(first, first + 8))


def test_a_text_shorter_than_the_least_crop_is_kept_whole(crop):
    np.testing.assert_array_equal(crop(padded(2), crop_share=1, crop_min_tokens=5)[0], [0, 0, 0, 0, 0, 0, 2, 3])


def test_short_texts_are_read_whole_where_the_recipe_says_so(crop):
    short, longer = (crop(padded(length), crop_share=1, uncropped_tokens=4) for length in (4, 5))
    np.testing.assert_array_equal(short, padded(4)[:, 4:])
    assert len(np.unique(longer, axis=0)) > 1


def test_a_text_without_tokens_stays_one(crop):
    assert not crop(np.zeros((1, 12), np.int32), crop_share=1).any()


def test_without_an_augmentation_the_text_is_what_serving_reads_of_it(recipe_file):
    crops = crops_of(read_recipe(recipe_file("topic")))(np.array([3, 11]), np.random.default_rng(0))
    assert (crops.skipped.tolist(), crops.sizes.tolist()) == ([0, 0], [3, 8])


def test_images_are_not_cropped(recipe_file):
    assert crops_of(read_recipe(recipe_file("digit"))) is None


def test_of_a_longer_text_than_may_be_read_another_run_is_read_each_time(crop):
    changed = crop(padded(11), crop_share=0, most_tokens=3)
    assert {int((row > 0).sum()) for row in changed} == {3}
    assert {int(row[-1]) for row in changed} == set(range(4, 13))
    np.testing.assert_array_equal(crop(padded(3), crop_share=0, most_tokens=3)[0][-3:], [2, 3, 4])


def test_some_of_the_longer_texts_may_be_read_whole(crop):
    sizes = (crop(padded(11), crop_share=0, most_tokens=3, whole_share=0.3) > 0).sum(axis=1)
    assert set(sizes.tolist()) == {3, 8}
    assert np.mean(sizes == 3) > 0.5


def test_short_runs_may_be_drawn_as_often_as_long_ones(crop):
    sizes = (crop(padded(8), crop_share=1, crop_min_tokens=1, crop_sizes="log_uniform") > 0).sum(axis=1)
    assert set(sizes.tolist()) == set(range(1, 9))
    assert np.mean(sizes == 1) > 3 * np.mean(sizes == 7)
