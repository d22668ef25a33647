import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from app.conversion.graphs import write_onnx, write_saved_model
from app.conversion.keras_model import NamedModel
from app.inference.runtimes.catalogue import make_runtime
from app.types import Signature, TensorSpec
from scripts.training.architectures.layers import PROBABILITIES, TOKENS
from scripts.training.architectures.ngrams import EMPTY, HashedNgrams

VOCABULARY, SLOTS = 32_000, 4001
SIGNATURE = Signature((TensorSpec(TOKENS, "int32", (None, None)),), (TensorSpec(PROBABILITIES, "float32", (None, 1)),))


@pytest.fixture
def layer():
    made = HashedNgrams(VOCABULARY, SLOTS)
    made.build((None, None))
    return made


def weigh(layer, *runs):
    """A table in which each of these runs has its own weight."""
    table = np.asarray(layer.table).copy()
    for tokens, weight in runs:
        places, fingerprints = layer.addresses(np.array([tokens], np.int32))
        table[int(places[0, -1])] = [float(fingerprints[0, -1]), weight]
    layer.fill(table)


def test_a_text_weighs_what_its_words_pairs_and_triples_weigh_together(layer):
    weigh(layer, ([7], 1.0), ([7, 8], 0.5), ([8, 9], 0.25), ([7, 8, 9], 8.0), ([9, 8], 64.0))
    texts = np.array([[0, 0, 7, 8, 9], [0, 7, 7, 8, 7], [0, 0, 0, 0, 9], [0, 0, 9, 8, 0]], np.int32)
    np.testing.assert_allclose(np.asarray(layer(texts))[:, 0], [9.75, 3.5, 0, 64])


def test_until_it_is_filled_nothing_weighs_anything(layer):
    assert not np.asarray(layer(np.random.default_rng(1).integers(0, VOCABULARY, (8, 40)))).any()
    assert not layer.trainable_weights


def test_a_run_that_hashes_to_anothers_slot_adds_nothing(layer):
    table = np.asarray(layer.table).copy()
    assert (table[VOCABULARY:, 0] == EMPTY).all()
    table[VOCABULARY:] = [3.5, 1.0]  # a fingerprint that no run has
    layer.fill(table)
    assert not np.asarray(layer(np.array([[5, 6, 7, 8]]))).any()


def test_addresses_are_whole_numbers_inside_the_table_in_the_texts_order(layer):
    tokens = np.full((2, 30), VOCABULARY - 1, np.int32)
    tokens[1] = np.arange(30)
    places, fingerprints = (np.asarray(part) for part in layer.addresses(tokens))
    assert places.shape == fingerprints.shape == (2, 87)
    np.testing.assert_array_equal(places[:, :30], tokens)
    assert places[:, 30:].min() >= VOCABULARY
    assert places.max() < VOCABULARY + SLOTS
    assert (fingerprints == fingerprints.astype(np.int64)).all()
    assert fingerprints.max() < 2**24
    _, of_pair = layer.addresses(tokens[1:, 4:6])
    assert fingerprints[1, 34] == of_pair[0, -1]


@pytest.mark.parametrize("name", ["tensorflow", "onnx", "openvino"])
def test_every_runtime_finds_the_same_runs(layer, tmp_path, name):
    random = np.random.default_rng(2)
    texts = random.integers(0, VOCABULARY, (16, 64)).astype(np.int32)
    texts[0] = VOCABULARY - 1
    table = np.asarray(layer.table).copy()
    places, fingerprints = (np.asarray(part) for part in layer.addresses(texts))
    table[places, 0] = fingerprints
    table[:, 1] = random.normal(size=len(table))
    layer.fill(table)
    tokens = keras.Input((None,), dtype="int32", name=TOKENS)
    model = keras.Model(tokens, keras.layers.Dense(1, activation="sigmoid", name=PROBABILITIES)(layer(tokens)))
    function = NamedModel.of(model, SIGNATURE).serving_function()
    write_saved_model(function, tmp_path)
    write_onnx(function, tmp_path)
    runtime = make_runtime(name, threads=1)
    assert runtime.load(tmp_path) == SIGNATURE
    for rows in (texts, texts[:1], texts[:, :16].copy()):
        answer = runtime.run({TOKENS: rows})[PROBABILITIES]
        np.testing.assert_allclose(answer, model.predict_on_batch(rows), atol=1e-4)
    runtime.close()


def test_a_saved_model_is_read_back_with_its_weights(layer, tmp_path):
    weigh(layer, ([7, 8], 0.5))
    tokens = keras.Input((None,), dtype="int32", name=TOKENS)
    keras.Model(tokens, layer(tokens)).save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again.predict_on_batch(np.array([[0, 7, 8]], np.int32)), [[0.5]])
