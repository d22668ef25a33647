import numpy as np

from scripts.training.findings.baseline import Baseline, ngrams_of


def test_words_come_in_ones_and_pairs_and_chinese_characters_in_up_to_three():
    assert sorted(ngrams_of("Not GOOD, 很好吃 ok")) == sorted(
        ["not", "good", "ok", "not good", "good ok", "很", "好", "吃", "很好", "好吃", "很好吃"]
    )


def test_the_baseline_learns_what_words_and_characters_say():
    texts = ["good film", "good plot", "bad film", "bad plot", "很好", "真好", "很差", "真差"]
    baseline = Baseline(texts, np.array([1, 1, 0, 0, 1, 1, 0, 0]))
    shares = baseline.probabilities(["a good thing", "a bad thing", "好", "差"])
    assert shares.shape == (4, 2)
    assert shares.argmax(axis=1).tolist() == [1, 0, 1, 0]
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-6)
