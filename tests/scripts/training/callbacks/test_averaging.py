import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from scripts.training.callbacks.averaging import AverageWeights, WeightMean
from scripts.training.recipe import ExponentialAveraging, StochasticAveraging


@pytest.fixture
def model():
    """One weight, which every step of gradient descent raises by 1."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(1.0), lambda _, predicted: -predicted)
    return model


def weight(model):
    return float(model.get_weights()[0][0, 0])


class Seen(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.validated = []

    def on_test_batch_end(self, batch, logs=None):
        self.validated.append(weight(self.model))


def fit(model, averaging, epochs):
    """Two steps an epoch; gives the mean and the weight that each epoch was validated with."""
    mean, seen = WeightMean(model), Seen()
    rows = np.ones((2, 1), np.float32)
    callbacks = [AverageWeights(averaging, mean, epochs), seen]
    model.fit(rows, rows, 1, epochs, validation_data=(rows[:1], rows[:1]), callbacks=callbacks, verbose=0)
    return mean, seen.validated


def test_the_last_epochs_are_averaged_and_validated_as_averaged(model):
    mean, validated = fit(model, StochasticAveraging(kind="swa", epochs=2), 4)
    assert validated == [2, 4, 6, (6 + 8) / 2]
    assert weight(model) == 8
    with mean.in_place():
        assert weight(model) == 7
    assert weight(model) == 8


def test_an_exponential_mean_counts_its_first_steps_alike_and_then_forgets(model):
    _, validated = fit(model, ExponentialAveraging(kind="ema", momentum=0.5), 2)
    after_two = (1 + 2) / 2
    after_three = (after_two + 3) / 2
    assert validated == pytest.approx([after_two, (after_three + 4) / 2])


def test_a_mean_goes_on_from_its_state(model):
    mean, _ = fit(model, StochasticAveraging(kind="swa", epochs=2), 2)
    other = WeightMean(model)
    other.restore(mean.state())
    other.add()
    with other.in_place():
        assert weight(model) == pytest.approx((2 + 4 + 4) / 3)


def test_without_a_mean_the_weights_stay(model):
    with WeightMean(model).in_place():
        assert weight(model) == 0
