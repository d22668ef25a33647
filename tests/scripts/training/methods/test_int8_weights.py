import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from app.conversion.parity import new_runtime
from app.types import Signature, TensorSpec
from scripts.training.methods.int8_weights import to_int8, write_int8_saved_model


def test_no_weight_moves_by_more_than_half_a_step_of_its_own_channel():
    weights = np.random.default_rng(2).normal(size=(50, 4)).astype(np.float32) * [0.01, 1, 100, 0]
    small = to_int8(weights.astype(np.float32))
    assert small.values.dtype == np.int8
    assert np.abs(small.values).max() == 127
    steps = np.abs(weights).max(axis=0) / 127
    assert (np.abs(small.restored() - weights) <= steps / 2 + 1e-6).all()


def test_rounding_what_was_rounded_changes_nothing():
    small = to_int8(np.random.default_rng(2).normal(size=(3, 5, 4)).astype(np.float32))
    again = to_int8(small.restored())
    np.testing.assert_array_equal(again.values, small.values)
    np.testing.assert_allclose(again.scales, small.scales, rtol=1e-6)


@pytest.mark.parametrize(
    ("shape", "layers"),
    [
        ((6,), [keras.layers.Embedding(40, 8), keras.layers.LSTM(5), keras.layers.Dense(1)]),
        ((8, 8, 1), [keras.layers.Conv2D(3, 3), keras.layers.BatchNormalization(), keras.layers.Flatten()]),
    ],
)
def test_the_saved_model_computes_with_the_rounded_weights(tmp_path, shape, layers):
    dtype = "int32" if len(shape) == 1 else "float32"
    model = keras.Sequential([keras.Input(shape, dtype=dtype), *layers])
    signature = Signature(
        (TensorSpec("given", dtype, (None, *shape)),), (TensorSpec("said", "float32", model.output_shape),)
    )
    write_int8_saved_model(model, signature, tmp_path)
    inputs = np.random.default_rng(1).integers(0, 40, (3, *shape)).astype(dtype)
    runtime = new_runtime("tensorflow")
    assert runtime.load(tmp_path) == signature
    said = runtime.run({"given": inputs})["said"]
    runtime.close()
    for weight in model.trainable_variables:
        if len(weight.shape) >= 2:
            weight.assign(to_int8(weight.numpy()).restored())
    np.testing.assert_allclose(said, model.predict_on_batch(inputs), rtol=1e-4, atol=1e-5)
