import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from app.conversion.graphs import write_onnx, write_saved_model
from app.conversion.keras_model import NamedModel
from app.inference.runtimes.catalogue import make_runtime
from app.types import Signature, TensorSpec
from scripts.training.architectures.layers import PROBABILITIES, TOKENS, token_input
from scripts.training.architectures.lstm import build_lstm
from scripts.training.architectures.ngrams import Evidence
from scripts.training.recipe import Lstm, Ngrams

SIGNATURE = Signature((TensorSpec(TOKENS, "int32", (None, None)),), (TensorSpec(PROBABILITIES, "float32", (None, 1)),))
POOLED = Lstm(kind="lstm", embedding=4, filters=6, pool=2, units=(5,), dropout=0.1)


@pytest.fixture
def pooled():
    keras.utils.set_random_seed(1)
    return build_lstm(POOLED, token_input(None), 50, 1, Ngrams(slots=101, strength=1.0))


def states_and_average(model, texts):
    outputs = [model.get_layer(name).output for name in ("lstm_1", "average")]
    return keras.Model(model.inputs, outputs).predict_on_batch(texts)


def test_a_pooled_lstm_takes_half_the_steps_and_one_more_for_an_odd_length(pooled):
    for length, steps in ((16, 8), (7, 4)):
        states, _ = states_and_average(pooled, np.ones((1, length), np.int32))
        assert states.shape == (1, steps, 5)


def test_steps_of_padding_alone_have_no_part_in_the_average(pooled):
    texts = np.array([[0, 0, 0, 7, 8, 9]], np.int32)
    states, average = states_and_average(pooled, texts)
    np.testing.assert_allclose(average, states[:, 1:].mean(axis=1), rtol=1e-5)


def test_evidence_grows_with_the_logarithm_of_the_sum_and_keeps_its_sign():
    sums = np.array([[-9.0], [-0.1], [0.0], [0.1], [9.0]], np.float32)
    evidence = np.asarray(Evidence()(sums, np.ones((5, 20), np.float32)))
    np.testing.assert_allclose(evidence, -evidence[::-1])
    np.testing.assert_allclose(evidence[3:, 0], np.log([1.1, 10.0]), rtol=1e-5)


def test_evidence_of_short_texts_stands_beside_it_and_fades_with_the_tokens():
    presence = np.array([[0, 0, 0, 0], [0, 0, 0, 1], [1, 1, 1, 1]], np.float32)
    evidence = np.asarray(Evidence()(np.full((3, 1), np.e - 1, np.float32), presence))
    np.testing.assert_allclose(evidence[:, 0], 1, rtol=1e-6)
    np.testing.assert_allclose(evidence[:, 1], [1, 1 / 1.05, 1 / 1.2], rtol=1e-6)


@pytest.mark.parametrize("name", ["tensorflow", "onnx", "openvino"])
def test_every_runtime_gives_a_pooled_lstms_answers(pooled, tmp_path, name):
    table = np.array(pooled.get_layer("ngrams").table)
    table[:50, 1] = np.random.default_rng(2).normal(size=50)
    pooled.get_layer("ngrams").fill(table)
    function = NamedModel.of(pooled, SIGNATURE).serving_function()
    write_saved_model(function, tmp_path)
    write_onnx(function, tmp_path)
    runtime = make_runtime(name, threads=1)
    assert runtime.load(tmp_path) == SIGNATURE
    texts = np.random.default_rng(1).integers(1, 50, (4, 16)).astype(np.int32)
    texts[0, :11] = 0
    for rows in (texts, texts[:1], texts[:, :7].copy()):
        answer = runtime.run({TOKENS: rows})[PROBABILITIES]
        np.testing.assert_allclose(answer, pooled.predict_on_batch(rows), atol=1e-4)
    runtime.close()
