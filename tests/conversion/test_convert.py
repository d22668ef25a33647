"""From a source to served files, in this process."""

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="conversion needs the tensorflow extra")

import keras

from app.conversion.convert import convert
from app.conversion.parity import new_runtime
from app.conversion.result import Parity
from app.conversion.source import recognise
from app.errors import ModelInvalid


def sorted_specs(specs):
    return tuple(sorted(specs, key=lambda spec: spec.name))


def test_a_keras_model_becomes_two_graphs_that_say_what_it_says(tmp_path, keras_file, two_signature, two_rows):
    made = convert(recognise(keras_file), tmp_path)
    assert sorted_specs(made.signature.inputs) == two_signature.inputs
    assert sorted_specs(made.signature.outputs) == two_signature.outputs
    assert made.probabilities == ("shares",)
    assert all(isinstance(found, Parity) and found.max_abs_diff <= 1e-6 for found in made.parity.values())
    answers = []
    for name in ("tensorflow", "onnx"):
        runtime = new_runtime(name)
        runtime.load(tmp_path)
        answers.append(runtime.run(two_rows))
        runtime.close()
    for name, array in answers[0].items():
        np.testing.assert_allclose(answers[1][name], array, atol=1e-6)


def test_a_saved_model_is_copied_as_it_is_and_gets_an_onnx_graph(tmp_path, saved_model):
    made = convert(recognise(saved_model), tmp_path)
    assert (tmp_path / "saved_model.pb").read_bytes() == (saved_model / "saved_model.pb").read_bytes()
    assert {spec.name for spec in made.signature.inputs} == {"values", "ids"}
    assert isinstance(made.parity["onnx"], Parity)
    assert (tmp_path / "model.onnx").exists()


def test_another_signature_becomes_the_default_of_the_version(tmp_path, two_signatures):
    convert(recognise(two_signatures, "halve"), tmp_path)
    runtime = new_runtime("tensorflow")
    runtime.load(tmp_path)
    assert runtime.run({"x": np.ones((1, 2), np.float32)})["y"].tolist() == [[0.5, 0.5]]
    runtime.close()


def test_strings_and_their_vocabulary_stay_in_the_saved_model(tmp_path, save):
    words = keras.layers.TextVectorization(max_tokens=6, output_sequence_length=3)
    words.adapt(["good film", "bad film"])
    text = keras.Input((1,), dtype="string", name="text")
    features = keras.layers.GlobalAveragePooling1D()(keras.layers.Embedding(6, 2)(words(text)))
    model = keras.Model(text, keras.layers.Dense(1, activation="sigmoid", name="score")(features))
    path = save(model, tmp_path / "text.keras")
    served = tmp_path / "served"
    served.mkdir()
    made = convert(recognise(path), served)
    assert "cannot be converted to ONNX" in made.parity["onnx"]
    assert not (served / "model.onnx").exists()
    runtime = new_runtime("tensorflow")
    runtime.load(served)
    texts = np.array([["good film"], ["bad"]], object)
    expected = model.predict_on_batch(keras.ops.convert_to_tensor(texts, "string"))
    np.testing.assert_allclose(runtime.run({"text": texts})["score"], expected, atol=1e-6)
    runtime.close()


def test_a_fixed_batch_is_refused_with_what_to_do(tmp_path, save):
    given = keras.Input(batch_shape=(1, 4), name="x")
    path = save(keras.Model(given, keras.layers.Dense(2)(given)), tmp_path / "fixed.keras")
    with pytest.raises(ModelInvalid, match=r"received x float32 \[1, 4\]; export it with a dynamic batch"):
        convert(recognise(path), tmp_path)
