import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="conversion needs the tensorflow extra")

import keras

from app.conversion.errors import SourceInvalid
from app.conversion.keras_model import read_keras
from app.types import TensorSpec


@pytest.fixture
def read_back(tmp_path, save):
    """A model, saved and read again."""
    return lambda model: read_keras(save(model, tmp_path / "net.keras"))


def test_inputs_and_outputs_keep_the_names_that_the_author_gave(keras_file, two_signature, two_rows, keras_model):
    model = read_keras(keras_file)
    assert model.inputs == two_signature.inputs
    answers = model.answers(two_rows)
    expected = keras_model.predict_on_batch(two_rows)
    assert set(answers) == {"shares", "vector", "again"}
    for name, array in answers.items():
        np.testing.assert_allclose(array, expected[name], atol=1e-6)
    traced = model.serving_function().answers(two_rows)
    np.testing.assert_allclose(traced["shares"], expected["shares"], atol=1e-6)


def test_lists_are_named_after_their_layers_and_no_name_comes_twice(read_back):
    one, other = keras.Input((2,), name="a-b"), keras.Input((2,), name="b")
    shared = keras.layers.Dense(1, name="score")
    model = read_back(keras.Model([one, other], [shared(one), shared(other)]))
    assert [spec.name for spec in model.inputs] == ["a_b", "b"]
    assert model.outputs == ("score", "score_1")


def test_nested_outputs_are_named_after_their_layers(read_back):
    given = keras.Input((2,), name="x")
    one, two = keras.layers.Dense(1, name="first")(given), keras.layers.Dense(1, name="second")(given)
    model = read_back(keras.Model(given, {"deep": [one, two], "flat": given}))
    assert set(model.answers({"x": np.zeros((1, 2), np.float32)})) == {"first", "second", "x"}


def test_a_sequential_model_is_named_after_its_ends(read_back):
    model = read_back(keras.Sequential([keras.Input((4,), name="x"), keras.layers.Dense(2, name="y")]))
    assert model.inputs == (TensorSpec("x", "float32", (None, 4)),)
    assert model.answers({"x": np.zeros((3, 4), np.float32)})["y"].shape == (3, 2)


class Doubled(keras.layers.Layer):
    """A layer whose code no file holds."""

    def call(self, inputs):
        return inputs * 2


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (
            Doubled(),
            "does not hold the code of the custom 'Doubled'; export it where its code is at hand, model.export",
        ),
        (keras.layers.Lambda(lambda x: x * 2), "has a Lambda layer, whose code Keras does not run from a file; export"),
    ],
    ids=["custom layer", "lambda"],
)
def test_code_that_no_file_holds_travels_in_a_saved_model(read_back, layer, message):
    given = keras.Input((2,))
    with pytest.raises(SourceInvalid, match=message):
        read_back(keras.Model(given, layer(given)))


def test_a_model_that_was_never_built_does_not_say_what_it_takes(read_back):
    with pytest.raises(SourceInvalid, match=r"does not say what it takes: it has no keras\.Input"):
        read_back(keras.Sequential([keras.layers.Dense(2)]))


def test_sparse_inputs_are_refused(read_back):
    given = keras.Input((4,), sparse=True, name="few")
    with pytest.raises(SourceInvalid, match="'few' is sparse or ragged; make it dense before"):
        read_back(keras.Model(given, keras.layers.Dense(1)(given)))


def test_a_damaged_file_is_one_line(tmp_path):
    (tmp_path / "net.keras").write_bytes(b"PK junk")
    with pytest.raises(SourceInvalid, match=r"Keras .* cannot read net\.keras: ") as raised:
        read_keras(tmp_path / "net.keras")
    assert "\n" not in str(raised.value)
