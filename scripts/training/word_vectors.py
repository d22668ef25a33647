"""Word vectors that somebody else has learnt from many more texts, as an installed Python package brings them."""

from pathlib import Path

import keras
import numpy as np
from tokenizers import Tokenizer

from app.types import Array
from scripts.training.installed_files import check_sha256, path_in
from scripts.training.recipe import Recipe, RecipeInvalid, Vectors

EMBEDDING = "embedding"
"""The layer of a text model that holds its words' vectors."""

WORDS, NUMBERS = "*.parquet", "*.npy"
INSTALLED_BY = "pip install 'horngate[vectors]'"


def set_first_vectors(recipe: Recipe, model: keras.Model, tokenizer: Tokenizer | None) -> None:
    """Let a new model's words begin with the vectors that its recipe names, if it names any.

    Raises `RecipeInvalid` where the package is not there, is another than the recipe's, or has fewer numbers a word
    than the embedding.
    """
    if recipe.vectors is None or tokenizer is None:
        return
    layer = model.get_layer(EMBEDDING)
    (table,) = layer.get_weights()
    layer.set_weights([with_known_words(table, tokenizer.get_vocab(), recipe.vectors)])


def with_known_words(table: Array, vocabulary: dict[str, int], settings: Vectors) -> Array:
    """`table` (ids, size) with the rows of those words of the `vocabulary` that the package knows replaced by its."""
    words, numbers = read_vectors(settings)
    places = {word: place for place, word in enumerate(words)}
    known = [(number, places[word]) for word, number in vocabulary.items() if word in places]
    if not known:
        raise RecipeInvalid(f"vectors.package: {settings.package} knows none of the vocabulary's words")
    ids, rows = (np.array(column) for column in zip(*sorted(known), strict=True))
    vectors = narrowed(np.asarray(numbers[rows], np.float64), table.shape[1])
    filled = table.copy()
    filled[ids] = vectors / vectors.std() * settings.scale
    return filled


def narrowed(vectors: Array, size: int) -> Array:
    """Vectors (rows, more) about their mean, as they are or as their `size` principal components (rows, size)."""
    centred: Array = vectors - vectors.mean(axis=0)
    if size > vectors.shape[1]:
        raise RecipeInvalid(
            f"architecture.embedding: expected at most {vectors.shape[1]}, the numbers of a word in vectors.package; "
            f"received {size}"
        )
    if size == vectors.shape[1]:
        return centred
    _, directions = np.linalg.eigh(centred.T @ centred)
    return np.asarray(centred @ directions[:, ::-1][:, :size])


def read_vectors(settings: Vectors) -> tuple[list[str], Array]:
    """The words and their vectors (words, size) float32, from the one `.parquet` and the one `.npy` of `data/`."""
    folder = _data_folder(settings.package)
    words, numbers = (_only(folder, pattern, settings.package) for pattern in (WORDS, NUMBERS))
    check_sha256(numbers, settings.sha256, "vectors.sha256", "install the version that the recipe was made with")
    from pyarrow import parquet  # noqa: PLC0415 comes with the extra that brings the vectors

    table: Array = np.load(numbers, mmap_mode="r")
    return parquet.read_table(words).column(0).to_pylist(), table


def _data_folder(package: str) -> Path:
    folder = path_in(package, "data")
    if folder is None:
        raise RecipeInvalid(
            f"vectors.package: expected an installed package with word vectors; received {package!r}; for those of the "
            f"recipes here: {INSTALLED_BY}"
        )
    return folder


def _only(folder: Path, pattern: str, package: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise RecipeInvalid(f"vectors.package: expected one {pattern} in {package}'s data/; received {len(found)}")
    return found[0]
