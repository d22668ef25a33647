import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs the train extra")

from scripts.training.recipe import FrozenEncoder, RecipeInvalid
from scripts.training.sentence_encoder.opinions import cross_fitted, open_vectors

SETTINGS = FrozenEncoder(package="madeupencoder", layers=(1, 2), strength=10.0)
TEXTS = [f"text {number}" for number in range(40)]
TARGETS = np.arange(40) % 2


def test_what_texts_have_in_common_is_learnt():
    def vectors(texts):
        return np.array([[int(text.split()[1]) % 2, 1] for text in texts], np.float32)

    opinions = cross_fitted(SETTINGS, TEXTS, TARGETS, 1, vectors)
    assert (opinions.shape, opinions.dtype) == ((40, 2), np.float32)
    np.testing.assert_array_equal(opinions.argmax(axis=1), TARGETS)


def test_no_text_gets_the_opinion_of_a_regression_that_has_learnt_it():
    opinions = cross_fitted(SETTINGS, TEXTS, TARGETS, 1, lambda texts: np.eye(len(texts), dtype=np.float32))
    # Each text is like no other: whoever has not learnt it knows nothing of it.
    np.testing.assert_allclose(opinions, 0.5, atol=0.01)


def test_the_same_seed_gives_the_same_opinions():
    random = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    first, again, other = (cross_fitted(SETTINGS, TEXTS, TARGETS, seed, lambda _: random) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0


def test_vectors_come_from_the_installed_encoder(encoder_path, monkeypatch):
    pytest.importorskip("openvino", reason="the encoder runs on OpenVINO")
    monkeypatch.syspath_prepend(encoder_path.parent.parent)
    vectors = open_vectors(SETTINGS, "fragments")(["good", "bad"])
    assert vectors.shape[0] == 2
    assert np.abs(vectors[0] - vectors[1]).max() > 0


def test_an_encoder_that_is_not_there_is_told_with_the_recipes_key():
    pytest.importorskip("openvino", reason="the encoder runs on OpenVINO")
    with pytest.raises(RecipeInvalid, match=r"distillation\.encoder\.package: .* received 'madeupencoder'"):
        open_vectors(SETTINGS, "distillation.encoder")
