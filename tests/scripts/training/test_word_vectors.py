import hashlib
import importlib

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import pyarrow as pa
from pyarrow import parquet

from scripts.training.data.catalogue import load_dataset
from scripts.training.examples import prepare
from scripts.training.learning import new_model
from scripts.training.recipe import RecipeInvalid, Vectors, read_recipe
from scripts.training.word_vectors import read_vectors, with_known_words

WORDS = ["the", "good", "bad", "film", "unheard"]
NUMBERS = np.array([[0, 0, 0], [2, 0, 1], [-2, 0, 1], [0, 4, 1], [9, 9, 9]], np.float32)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """The name of a package that brings vectors of three numbers."""
    folder = tmp_path / "tiny_vectors" / "data"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("raise RuntimeError('must not be imported')")
    np.save(folder / "numbers.npy", NUMBERS)
    parquet.write_table(pa.table({"index": WORDS}), folder / "index.parquet")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    return "tiny_vectors"


def test_known_words_begin_with_their_vectors_centred_and_scaled(package):
    table = np.full((6, 3), 0.5, np.float32)
    filled = with_known_words(table, {"[PAD]": 0, "good": 2, "bad": 3, "film": 5}, Vectors(package=package, scale=2.0))
    centred = NUMBERS[1:4] - NUMBERS[1:4].mean(axis=0)
    np.testing.assert_allclose(filled[[2, 3, 5]], centred / centred.std() * 2, atol=1e-6)
    np.testing.assert_array_equal(filled[[0, 1, 4]], table[:3])
    assert filled.dtype == np.float32


def test_a_narrower_embedding_keeps_the_directions_in_which_words_differ_most(package):
    wide, narrow = (
        with_known_words(np.zeros((4, size), np.float32), {"good": 1, "bad": 2, "film": 3}, Vectors(package=package))
        for size in (3, 2)
    )

    def distances(vectors):
        return [np.linalg.norm(vectors[a] - vectors[b]) for a, b in ((1, 2), (1, 3), (2, 3))]

    ratios = np.divide(distances(wide), distances(narrow))
    np.testing.assert_allclose(ratios, ratios[0], atol=1e-5)


def test_a_wider_embedding_than_the_packages_is_refused(package):
    with pytest.raises(RecipeInvalid, match=r"architecture.embedding: expected at most 3, .*received 4"):
        with_known_words(np.zeros((2, 4), np.float32), {"good": 1}, Vectors(package=package))


def test_a_package_that_knows_none_of_the_words_is_refused(package):
    with pytest.raises(RecipeInvalid, match="tiny_vectors knows none of the vocabulary's words"):
        with_known_words(np.zeros((2, 3), np.float32), {"Wort": 1}, Vectors(package=package))


def test_a_package_that_is_not_there_is_named_with_the_command_that_installs_it():
    with pytest.raises(RecipeInvalid, match=r"received 'no_such_package'; .*pip install 'horngate\[vectors\]'"):
        read_vectors(Vectors(package="no_such_package"))


def test_other_vectors_than_the_recipes_are_refused(package, tmp_path):
    is_theirs = hashlib.sha256((tmp_path / package / "data" / "numbers.npy").read_bytes()).hexdigest()
    words, numbers = read_vectors(Vectors(package=package, sha256=is_theirs))
    assert (words, numbers.tolist()) == (WORDS, NUMBERS.tolist())
    with pytest.raises(RecipeInvalid, match=rf"expected 0{{64}} of .*received {is_theirs}"):
        read_vectors(Vectors(package=package, sha256="0" * 64))


def test_two_tables_in_a_package_are_refused(package, tmp_path):
    np.save(tmp_path / package / "data" / "more.npy", NUMBERS)
    with pytest.raises(RecipeInvalid, match=r"expected one \*\.npy in tiny_vectors's data/; received 2"):
        read_vectors(Vectors(package=package))


def test_a_new_model_begins_with_the_vectors_that_its_recipe_names(recipe_file, texts, package):
    recipe = read_recipe(recipe_file())
    architecture = recipe.architecture.model_copy(update={"embedding": 3})
    recipe = recipe.model_copy(update={"architecture": architecture, "vectors": Vectors(package=package, scale=1.0)})
    material = prepare(recipe, [load_dataset(f"texts:{texts}", None)])
    (table,) = new_model(recipe, material).get_layer("embedding").get_weights()
    known = [material.tokenizer.token_to_id(word) for word in ("good", "bad", "film")]
    assert abs(table[known].std() - 1) < 1e-5


def test_vectors_beside_an_architecture_without_an_embedding_are_refused(recipe_file):
    path = recipe_file("topic")
    path.write_text(path.read_text() + '\n[vectors]\npackage = "tiny_vectors"\n')
    with pytest.raises(RecipeInvalid, match="suits architectures 'pooling' and 'lstm'; received 'transformer'"):
        read_recipe(path)
