"""Rows to measure a model with."""

import numpy as np

from app.inference.calibration.rows import described, measured_cells, sample_rows
from app.repository.manifest import TextSettings, read_manifest
from app.tasks import open_task
from app.tasks.tensor import TensorTask
from app.types import Signature, TensorSpec


def rows_of(*specs: TensorSpec, count: int = 20) -> dict[str, np.ndarray]:
    """Rows of a tensor model with these inputs."""
    signature = Signature(specs, (TensorSpec("y", "float32", (None,)),))
    return sample_rows(signature, count, None, TensorTask(signature), None)


def test_texts_are_of_the_models_own_words_and_of_every_length(tiny_models):
    folder = tiny_models / "sentiment" / "1"
    manifest = read_manifest(folder)
    signature = manifest.signature.signature()
    rows = sample_rows(signature, 12, folder, open_task(manifest, folder), manifest.text)
    (tokens,) = rows.values()
    assert list(rows) == ["tokens"]
    assert (tokens.shape, tokens.dtype) == ((12, 6), np.int32)
    assert set((tokens > 0).sum(axis=1)) == {1, 2, 3, 4, 5, 6}
    assert np.unique(tokens).size > 4


def test_texts_of_short_buckets_are_padded_in_front_to_the_longest(tiny_models):
    folder = tiny_models / "sentiment" / "1"
    manifest = read_manifest(folder)
    manifest = manifest.model_copy(update={"text": TextSettings(length=6, buckets=(2, 6))})
    signature = manifest.signature.signature()
    (tokens,) = sample_rows(signature, 12, folder, open_task(manifest, folder), manifest.text).values()
    assert tokens.shape == (12, 6)
    assert all(list(row > 0) == sorted(row > 0) for row in tokens)


def test_numbers_are_between_0_and_1_in_the_inputs_own_dtypes():
    rows = rows_of(
        TensorSpec("half", "float16", (None, 3)),
        TensorSpec("id", "int64", (None,)),
        TensorSpec("is", "bool", (None, 2)),
    )
    assert {name: (array.dtype.name, array.shape) for name, array in rows.items()} == {
        "half": ("float16", (20, 3)),
        "id": ("int64", (20,)),
        "is": ("bool", (20, 2)),
    }
    assert all(0 <= array.min() < array.max() <= 1 for array in rows.values())


def test_strings_are_a_word():
    assert rows_of(TensorSpec("text", "string", (None, 1)), count=2)["text"].tolist() == [["word"], ["word"]]


def test_free_dimensions_get_a_size_that_is_told():
    sequence, picture = TensorSpec("ids", "int32", (None, None)), TensorSpec("pixels", "float32", (None, None, None, 3))
    rows = rows_of(sequence, picture, count=1)
    assert (rows["ids"].shape, rows["pixels"].shape) == ((1, 128), (1, 224, 224, 3))
    told = described(Signature((sequence, picture), ()), None)
    assert told == "random ids int32 [128], pixels float32 [224, 224, 3]"
    assert described(Signature((sequence,), ()), TextSettings(length=100)) == (
        "texts of 1 to 100 of the model's own words, padded to 100"
    )


def test_the_same_rows_come_every_time():
    spec = TensorSpec("x", "float32", (None, 3))
    np.testing.assert_array_equal(rows_of(spec)["x"], rows_of(spec)["x"])


def test_the_numbers_of_a_row_are_those_of_the_rows_that_are_measured(tiny_models):
    folder = tiny_models / "sentiment" / "1"
    manifest = read_manifest(folder)
    assert measured_cells(manifest.signature.signature(), manifest.text) == 6
    specs = (TensorSpec("ids", "int32", (None, None)), TensorSpec("x", "float32", (None, 2, 3)))
    rows = rows_of(*specs, count=1)
    assert measured_cells(Signature(specs, ()), None) == sum(array.size for array in rows.values()) == 134


def test_a_row_without_numbers_counts_as_one():
    assert measured_cells(Signature((TensorSpec("none", "float32", (None, 0)),), ()), None) == 1
