import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from scripts.training.methods.pruning import Prune, largest, prunable, pruned_figures, sparsity_at
from scripts.training.progress import SPARSITY
from scripts.training.recipe import Pruning

SETTINGS = Pruning(sparsity=0.8, begin=1.0, end=3.0, every=2)
STEPS = 4


def test_the_share_rises_along_a_cubic_curve_from_begin_to_end():
    assert [sparsity_at(SETTINGS, epochs) for epochs in (0, 1, 3, 9)] == [0, 0, 0.8, 0.8]
    assert sparsity_at(SETTINGS, 2) == pytest.approx(0.8 * (1 - 0.5**3))


def test_the_smallest_weights_go_first():
    values = np.array([[3.0, -0.1], [0.2, -4.0]])
    assert largest(values, 0.5).tolist() == [[1, 0], [0, 1]]
    assert largest(values, 1.0).all()
    assert not largest(values, 0.0).any()


def small(seed=1):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((10,)), keras.layers.Dense(20, "relu"), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), "mse")
    return model


def fit(model, epochs, initial_epoch=0):
    inputs = np.random.default_rng(3).normal(size=(STEPS * 8, 10)).astype(np.float32)
    return model.fit(
        inputs,
        inputs[:, :1] * 2,
        batch_size=8,
        epochs=epochs,
        initial_epoch=initial_epoch,
        shuffle=False,
        verbose=0,
        callbacks=[Prune(SETTINGS, STEPS)],
    )


def test_kernels_end_with_the_share_of_zeros_that_was_asked_for_and_biases_are_left():
    model = small()
    history = fit(model, 4).history
    assert history[SPARSITY] == pytest.approx([0, 0.7, 0.8, 0.8])
    kernels = prunable(model)
    assert [len(kernel.shape) for kernel in kernels] == [2, 2]
    assert [float((kernel.numpy() == 0).mean()) for kernel in kernels] == [0.8, 0.8]
    figures = pruned_figures(model)
    assert figures["sparsity"] == pytest.approx(0.8)
    assert figures["bytes"] == 4 * (220 + 21)
    assert figures["compressed_bytes"] < 0.5 * figures["bytes"]


def test_a_resumed_training_prunes_on_as_if_it_had_not_stopped():
    whole, parted = small(), small()
    fit(whole, 4)
    fit(parted, 2)
    fit(parted, 4, initial_epoch=2)
    for one, other in zip(whole.get_weights(), parted.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
