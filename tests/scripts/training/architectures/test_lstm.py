import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras
import onnx

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


BOTH_WAYS = POOLED.model_copy(update={"bidirectional": True, "filter_maximum": True})


@pytest.fixture
def build_model():
    """A model of such sizes over a vocabulary of 50, with n-grams that prove nothing yet."""

    def build(sizes):
        keras.utils.set_random_seed(1)
        return build_lstm(sizes, token_input(None), 50, 1, Ngrams(slots=101, strength=1.0))

    return build


@pytest.fixture
def pooled(build_model):
    return build_model(POOLED)


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


def test_an_lstm_that_reads_both_ways_sees_at_each_step_what_comes_after_it(build_model):
    model = build_model(BOTH_WAYS)
    states = keras.Model(model.inputs, model.get_layer("both_ways_1").output)
    texts = np.array([[7, 8, 9, 10, 11, 12], [7, 8, 9, 10, 11, 13]], np.int32)
    first, other = np.asarray(states.predict_on_batch(texts))
    assert first.shape == (3, 10)
    np.testing.assert_allclose(first[0, :5], other[0, :5], atol=1e-6)
    assert np.abs(first[0, 5:] - other[0, 5:]).max() > 1e-5


def test_the_largest_answer_of_each_filter_stands_beside_the_states(build_model):
    model = build_model(BOTH_WAYS)
    texts = np.array([[0, 0, 0, 7, 8, 9]], np.int32)
    names = ("filters", "over_time")
    outputs = [model.get_layer(name).output for name in names]
    filters, over_time = keras.Model(model.inputs, outputs).predict_on_batch(texts)
    assert over_time.shape == (1, 2 * 10 + 6)
    np.testing.assert_allclose(over_time[:, 20:], filters[:, 3:].max(axis=1), rtol=1e-6)


def test_states_over_padding_are_no_maximum(pooled):
    outputs = [pooled.get_layer(name).output for name in ("lstm_1", "highest")]
    states, highest = keras.Model(pooled.inputs, outputs).predict_on_batch(np.array([[0, 0, 0, 0, 8, 9]], np.int32))
    np.testing.assert_allclose(highest, states[:, 2], rtol=1e-5)


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


@pytest.mark.parametrize("sizes", [POOLED, BOTH_WAYS], ids=["pooled", "both ways"])
@pytest.mark.parametrize("name", ["tensorflow", "onnx", "openvino"])
def test_every_runtime_gives_an_lstms_answers(build_model, tmp_path, name, sizes):
    model = build_model(sizes)
    table = np.array(model.get_layer("ngrams").table)
    table[:50, 1] = np.random.default_rng(2).normal(size=50)
    model.get_layer("ngrams").fill(table)
    function = NamedModel.of(model, SIGNATURE).serving_function()
    write_saved_model(function, tmp_path)
    write_onnx(function, tmp_path)
    runtime = make_runtime(name, threads=1)
    assert runtime.load(tmp_path) == SIGNATURE
    texts = np.random.default_rng(1).integers(1, 50, (4, 16)).astype(np.int32)
    texts[0, :11] = 0
    for rows in (texts, texts[:1], texts[:, :7].copy()):
        answer = runtime.run({TOKENS: rows})[PROBABILITIES]
        np.testing.assert_allclose(answer, model.predict_on_batch(rows), atol=1e-4)
    runtime.close()


def test_the_onnx_graph_reads_both_ways_in_one_operation(build_model, tmp_path):
    write_onnx(NamedModel.of(build_model(BOTH_WAYS), SIGNATURE).serving_function(), tmp_path)
    kinds = [node.op_type for node in onnx.load(tmp_path / "model.onnx").graph.node]
    assert (kinds.count("LSTM"), kinds.count("Loop"), kinds.count("Scan")) == (1, 0, 0)
