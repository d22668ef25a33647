import numpy as np
import pytest

pytest.importorskip("openvino", reason="the encoder runs on OpenVINO")

from scipy.special import erf

from scripts.training.sentence_encoder.encoder import SentenceEncoder
from scripts.training.sentence_encoder.encoder_file import read_encoder

TEXTS = ["a b a", "b", "a b a b a b a b"]
IDS = {"a b a": [9, 4, 6, 9], "b": [4, 6]}
"""The tokens of two texts behind the prefix."""


def normalised(file, states, name):
    even = (states - states.mean(-1, keepdims=True)) / np.sqrt(states.var(-1, keepdims=True) + file.epsilon)
    return even * file.tensors[f"{name}.w"] + file.tensors[f"{name}.b"]


def dense(file, states, name):
    bias = file.tensors[f"{name}.b"]
    return states @ file.tensors[f"{name}.w"].reshape(len(bias), -1).T + bias


def by_formulas(file, ids, layer):
    """BERT's formulas, one text by itself."""
    places = file.tensors["emb.pos"].reshape(-1, 32)[: len(ids)] + file.tensors["emb.type"]
    states = normalised(file, file.tensors["emb.word"].reshape(-1, 32)[ids] + places, "emb.ln")
    for block in range(layer):
        query, key, value = (dense(file, states, f"l{block}.{part}").reshape(-1, 2, 16) for part in "qkv")
        scores = np.einsum("ihd,jhd->hij", query, key) / 4
        shares = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
        mixed = np.einsum("hij,jhd->ihd", shares, value).reshape(-1, 32)
        states = normalised(file, states + dense(file, mixed, f"l{block}.ao"), f"l{block}.aln")
        hidden = dense(file, states, f"l{block}.fi")
        hidden = hidden * (1 + erf(hidden / np.sqrt(2))) / 2
        states = normalised(file, states + dense(file, hidden, f"l{block}.fo"), f"l{block}.oln")
    return states.mean(axis=0)


@pytest.fixture(scope="module")
def file(encoder_path):
    return read_encoder(encoder_path)


def test_vectors_are_the_means_after_the_wanted_blocks_by_berts_formulas(file):
    encoder = SentenceEncoder(file, (1, 2), most_tokens=32)
    vectors = encoder.vectors(["a b a", "b"])
    assert (vectors.shape, vectors.dtype) == ((2, 64), np.float32)
    for vector, text in zip(vectors, ("a b a", "b"), strict=True):
        (ids,) = encoder._ids([f"query: {text}"])
        framed = [file.first, *ids, file.last]
        expected = np.concatenate([by_formulas(file, framed, layer) for layer in (1, 2)])
        assert np.corrcoef(vector, expected)[0, 1] > 0.99
        np.testing.assert_allclose(vector, expected, atol=0.15)


def test_a_texts_vector_does_not_depend_on_its_neighbours(file):
    encoder = SentenceEncoder(file, (2,), most_tokens=32)
    together = encoder.vectors(TEXTS)
    for row, text in enumerate(TEXTS):
        np.testing.assert_allclose(encoder.vectors([text])[0], together[row], atol=0.05)


def test_characters_are_spelt_as_the_file_says(file):
    encoder = SentenceEncoder(file, (2,), most_tokens=32)
    np.testing.assert_array_equal(*encoder.vectors(["a B", "a b"]))


def test_of_a_longer_text_the_last_tokens_are_read(file):
    encoder = SentenceEncoder(file, (2,), most_tokens=14)
    assert len(encoder._framed(encoder._ids(["query: " + "a " * 40])[0])) == 14
    np.testing.assert_allclose(*encoder.vectors(["b " * 40 + "a " * 20, "a " * 30]), atol=1e-6)
