import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from scripts.training.data.catalogue import load_dataset
from scripts.training.data.types import Split
from scripts.training.examples import divide
from scripts.training.methods.folds import cross_validate, fold_numbers
from scripts.training.progress import Progress
from scripts.training.recipe import read_recipe


@pytest.fixture
def rows():
    texts = [f"text {number}" for number in range(40)] + ["Twice, said!", "twice said"]
    return Split(texts, np.array([0] * 30 + [1] * 12))


def test_folds_are_equal_in_size_and_classes_and_equal_texts_share_one(rows):
    numbers = fold_numbers(rows, 5, seed=1)
    assert [np.bincount(numbers[rows.targets == target], minlength=5).tolist() for target in (0,)] == [[6] * 5]
    of_second = np.bincount(numbers[rows.targets == 1], minlength=5)
    assert of_second.min() >= 2
    assert numbers[-1] == numbers[-2]


def test_a_rows_fold_follows_from_its_content_and_the_seed(rows):
    turned = Split(rows.inputs[::-1], rows.targets[::-1])
    np.testing.assert_array_equal(fold_numbers(turned, 5, seed=1)[::-1], fold_numbers(rows, 5, seed=1))
    assert (fold_numbers(rows, 5, seed=2) != fold_numbers(rows, 5, seed=1)).any()


def test_each_fold_is_validated_on_rows_that_it_has_not_learnt_and_all_rows_are_once(recipe_file, texts, tmp_path):
    path = recipe_file(replace=("[0.45, 0.55]", "[0.45, 0.55]\nfolds = { count = 3 }"))
    recipe = read_recipe(path)
    parts = divide(recipe, [load_dataset(f"texts:{texts}", None)])
    seen = []

    def learn(alone, material, folder):
        assert alone.folds is None
        seen.append((folder.name, set(material.parts.training.inputs), set(material.parts.validation.inputs)))
        loss = len(seen) / 10
        return Progress(({"val_loss": 9.0, "val_accuracy": 0.1}, {"val_loss": loss, "val_accuracy": 1 - loss}))

    found = cross_validate(recipe, parts, tmp_path, learn)
    assert [name for name, _, _ in seen] == ["fold_1", "fold_2", "fold_3"]
    assert all(not training & validation for _, training, validation in seen)
    assert set.union(*(validation for _, _, validation in seen)) == {*parts.training.inputs, *parts.validation.inputs}
    assert found["mean"]["val_loss"] == pytest.approx(0.2)
    assert found["standard_deviation"]["val_accuracy"] == pytest.approx(0.1)
    assert [fold["best_epoch"] for fold in found["folds"]] == [2, 2, 2]
    assert sum(fold["rows"] for fold in found["folds"]) == 120
