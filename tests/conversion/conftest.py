"""A user's own Keras model, in a file, and what it says."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.types import Signature, TensorSpec


@pytest.fixture(scope="session")
def keras_model(saved_model: Path) -> Any:
    """Two inputs by name, one of free length; three outputs by name, one of which is an input handed through.

    `saved_model` has TensorFlow imported and set up.
    """
    import keras

    keras.utils.set_random_seed(3)
    layers = keras.layers
    left, ids = keras.Input((3,), name="left"), keras.Input((None,), dtype="int32", name="ids")
    shares = layers.Dense(2, activation="softmax", name="shares")(left)
    vector = layers.GlobalAveragePooling1D()(layers.Embedding(5, 4)(ids))
    return keras.Model({"left": left, "ids": ids}, {"shares": shares, "vector": vector, "again": left})


@pytest.fixture(scope="session")
def save(saved_model: Path) -> Callable[[Any, Path], Path]:
    """Saves a Keras model in a file; what Keras warns about while it does is its own business."""

    def write(model: Any, path: Path) -> Path:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.save(path)
        return path

    return write


@pytest.fixture(scope="session")
def keras_file(tmp_path_factory: pytest.TempPathFactory, keras_model: Any, save: Callable[[Any, Path], Path]) -> Path:
    """The same in a file."""
    return save(keras_model, tmp_path_factory.mktemp("keras") / "two.keras")


@pytest.fixture(scope="session")
def two_signature() -> Signature:
    """What it takes and gives, by name."""
    return Signature(
        (TensorSpec("ids", "int32", (None, None)), TensorSpec("left", "float32", (None, 3))),
        (
            TensorSpec("again", "float32", (None, 3)),
            TensorSpec("shares", "float32", (None, 2)),
            TensorSpec("vector", "float32", (None, 4)),
        ),
    )


@pytest.fixture(scope="session")
def two_rows() -> dict[str, np.ndarray]:
    """Three rows for it."""
    return {
        "left": np.linspace(-1, 1, 9, dtype=np.float32).reshape(3, 3),
        "ids": np.array([[0, 1], [2, 3], [4, 0]], np.int32),
    }


@pytest.fixture(scope="session")
def two_signatures(tmp_path_factory: pytest.TempPathFactory, saved_model: Path) -> Path:
    """A SavedModel with the signatures `double` and `halve`, and no default."""
    import tensorflow as tf

    module = tf.Module()
    module.by = tf.Variable(2.0)
    spec = tf.TensorSpec((None, 2), tf.float32, name="x")
    double = tf.function(lambda x: {"y": x * module.by}, input_signature=[spec])
    halve = tf.function(lambda x: {"y": x / module.by}, input_signature=[spec])
    folder = tmp_path_factory.mktemp("signatures")
    tf.saved_model.save(module, str(folder), {"double": double, "halve": halve})
    return folder
