import numpy as np

from scripts.training.findings.baseline import Baseline, ngrams_of


def test_words_come_in_ones_and_pairs_and_the_characters_of_a_chinese_text_in_up_to_three():
    assert ngrams_of("Not GOOD, ok") == ["not", "good", "ok", "not good", "good ok"]
    assert ngrams_of("很好！") == ["很", "好", "！", "很好", "好！", "很好！"]


def test_the_baseline_learns_what_words_and_characters_say():
    texts = ["good film", "good plot", "bad film", "bad plot", "很好", "真好", "很差", "真差"]
    baseline = Baseline(texts, np.array([1, 1, 0, 0, 1, 1, 0, 0]))
    shares = baseline.probabilities(["a good thing", "a bad thing", "好", "差"])
    assert shares.shape == (4, 2)
    assert shares.argmax(axis=1).tolist() == [1, 0, 1, 0]
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-6)
