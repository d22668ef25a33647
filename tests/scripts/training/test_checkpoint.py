import errno
import os
import resource

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from scripts.training.callbacks.averaging import WeightMean
from scripts.training.checkpoint import RunNotSaved, read_state, read_weights, write_state, write_weights, write_whole


def model_of(units=4):
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(units), keras.layers.Dropout(0.5), keras.layers.Dense(1)]
    )
    model.compile(keras.optimizers.Adam(0.1), "mse")
    return model


def learn(model):
    rows = np.arange(12, dtype=np.float32).reshape(4, 3) / 12
    model.fit(rows, rows[:, :1], shuffle=False, verbose=0)


def test_a_model_goes_on_exactly_where_the_other_was_saved(tmp_path):
    model = model_of()
    learn(model)
    mean = WeightMean(model)
    mean.add()
    write_state(model, mean, tmp_path / "state.npz")
    other = model_of()
    restored = WeightMean(other)
    read_state(other, restored, tmp_path / "state.npz")
    for one in (model, other):
        learn(one)
    for one, two in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    for one, two in zip(mean.state(), restored.state(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_weights_alone_suit_a_model_that_is_not_compiled(tmp_path):
    model = model_of()
    write_weights(model, tmp_path / "weights.npz")
    other = keras.models.clone_model(model)
    read_weights(other, tmp_path / "weights.npz")
    for one, two in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.fixture
def small_disk(tmp_path):
    """A folder whose files cannot grow beyond 64 KiB, where the system's words differ from a full disk's alone."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, before[1]))
    yield tmp_path
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_what_was_saved_before_and_says_how_to_go_on(small_disk):
    path = small_disk / "weights.npz"
    write_weights(model_of(), path)
    saved = path.read_bytes()
    with pytest.raises(RunNotSaved, match=r"weights\.npz could not be written: .*; .* go on with --resume"):
        write_weights(model_of(units=10_000), path)
    assert path.read_bytes() == saved
    assert list(small_disk.iterdir()) == [path]


def test_the_reason_is_told_in_the_systems_words(tmp_path):
    def fail(_file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(RunNotSaved, match="No space left on device"):
        write_whole(tmp_path / "file", fail)
    assert list(tmp_path.iterdir()) == []
