"""Tensors that two processes map: what is written is read, whatever it is and however large."""

import os
from collections.abc import Iterator

import numpy as np
import pytest

from app.inference.runtimes.shared_tensors import ALIGNMENT, SMALLEST, TensorReader, TensorWriter, open_memory


@pytest.fixture
def pair() -> Iterator[tuple[TensorWriter, TensorReader]]:
    """Both ends of one memory."""
    descriptor = open_memory()
    writer, reader = TensorWriter(descriptor), TensorReader(os.dup(descriptor))
    yield writer, reader
    writer.close()
    reader.close()


TENSORS = {
    "floats": np.array([[1.5, np.nan, np.inf]], np.float32),
    "halves": np.array([1.5], np.float16),
    "complex": np.array([1 + 2j]),
    "bytes": np.arange(3, dtype=np.uint8),
    "flags": np.array([True, False]),
    "big_endian": np.array([1, 2], ">i4"),
    "scalar": np.array(7, np.int64),
    "empty": np.empty((0, 3), np.int32),
    "turned": np.arange(6, dtype=np.int64).reshape(2, 3).T,
    "texts": np.array(["good", "坏", ""], object),
    "fixed_texts": np.array([b"a", b"bc"]),
}


@pytest.mark.parametrize("copied", [True, False])
def test_every_kind_of_tensor_comes_out_as_it_went_in(pair, copied):
    writer, reader = pair
    received = reader.read(writer.write(TENSORS), copied=copied)
    assert list(received) == list(TENSORS)
    for name, array in TENSORS.items():
        assert received[name].dtype == array.dtype
        assert received[name].shape == array.shape
        np.testing.assert_array_equal(received[name], array)


def test_tensors_begin_at_aligned_places(pair):
    writer, _ = pair
    places = writer.write({name: TENSORS[name] for name in ("bytes", "halves", "floats")})
    assert [place.offset for place in places] == [0, ALIGNMENT, 2 * ALIGNMENT]


def test_copies_outlive_the_next_batch_and_views_do_not(pair):
    writer, reader = pair
    places = writer.write({"x": np.ones(4)})
    copies, views = reader.read(places, copied=True), reader.read(places, copied=False)
    writer.write({"x": np.zeros(4)})
    assert copies["x"].tolist() == [1, 1, 1, 1]
    assert views["x"].tolist() == [0, 0, 0, 0]


def test_the_memory_grows_on_both_sides_where_a_batch_needs_more(pair):
    writer, reader = pair
    small, large = np.arange(5.0), np.arange(float(SMALLEST))
    for array in (small, large, small):
        assert np.array_equal(reader.read(writer.write({"x": array}), copied=True)["x"], array)


def test_views_stay_good_when_the_memory_grows_or_is_let_go(pair):
    writer, reader = pair
    view = reader.read(writer.write({"x": np.ones(4)}), copied=False)["x"]
    large = reader.read(writer.write({"y": np.ones(8), "x": np.zeros(SMALLEST)}), copied=False)["x"]
    reader.close()
    assert view.tolist() == [1, 1, 1, 1]
    assert not large.any()


def test_no_tensors_are_written_and_read_as_well(pair):
    writer, reader = pair
    assert reader.read(writer.write({}), copied=True) == {}


def test_closing_twice_is_safe_and_gives_the_descriptor_back():
    descriptor = open_memory()
    memory = TensorWriter(descriptor)
    memory.close()
    memory.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
