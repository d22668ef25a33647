import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from scripts.training.crops import Crops
from scripts.training.data.catalogue import load_dataset
from scripts.training.examples import prepare
from scripts.training.methods.distillation import label_same, label_whole, side_by_side
from scripts.training.recipe import read_recipe


@pytest.fixture
def reviews(recipe_file, texts):
    return prepare(read_recipe(recipe_file()), [load_dataset(f"texts:{texts}", None)])


def test_labels_and_opinions_stand_side_by_side():
    opinion = np.array([[0.9, 0.1], [0.4, 0.6]])
    expected = [[0, 1, 0.9, 0.1], [1, 0, 0.4, 0.6]]
    for targets in (np.array([1, 0]), np.array([[1.0], [0.0]], np.float32)):
        together = side_by_side(targets, opinion)
        assert together.dtype == np.float32
        np.testing.assert_allclose(together, expected, rtol=1e-6)


def test_whole_rows_keep_the_opinion_that_they_got_once(reviews):
    number = len(reviews.training.targets)
    opinion = np.linspace([0, 1], [1, 0], number)
    targets = label_whole(reviews, opinion)(np.array([5, 2]), None, np.empty((2, 8)))
    np.testing.assert_allclose(targets[:, 2:], opinion[[5, 2]], rtol=1e-6)
    np.testing.assert_array_equal(targets[:, 1:2], reviews.training.targets[[5, 2]])


def test_the_same_view_asks_about_the_very_words_of_a_crop(reviews):
    asked = []

    def ask(inputs):
        asked.extend(inputs)
        return np.full((len(inputs), 2), 0.5)

    number = len(reviews.training.targets)
    crops = Crops(np.ones(number, int), np.full(number, 2))
    label_same(reviews, "tail", ask)(np.array([7, 0]), crops, np.empty((2, 4)))
    rows = [reviews.parts.training.inputs[row] for row in (7, 0)]
    texts = [row.split() for row in rows]
    # Of at most twelve words each row holds all, so that a crop counts from the first.
    assert [part.split() for part in asked] == [words[1:3] for words in texts]


def test_the_same_view_of_a_picture_is_the_changed_one(recipe_file, images):
    material = prepare(read_recipe(recipe_file("digit")), [load_dataset(f"images:{images}", None)])
    changed = np.random.default_rng(1).random((2, 28, 28, 1)).astype(np.float32)
    label = label_same(material, "tail", lambda inputs: np.stack([[picture.mean()] * 10 for picture in inputs]))
    targets = label(np.array([3, 4]), None, changed)
    assert targets.shape == (2, 20)
    np.testing.assert_allclose(targets[:, 10], changed.mean(axis=(1, 2, 3)), rtol=1e-6)
