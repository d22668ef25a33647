import numpy as np

from scripts.training.behaviour.check import Case, Check, run_checks


def ask(inputs):
    """Finds a text as positive as its letters `a` are many, of ten."""
    positive = np.array([min(text.count("a"), 10) / 10 for text in inputs])
    return np.column_stack([1 - positive, positive])


def outcome(kind, *cases):
    (told,) = run_checks([Check("one", kind, "english", cases)], ask)
    return told


def test_invariance_asks_for_the_same_label_not_for_the_same_probability():
    told = outcome("invariance", Case("aaaaaaa", "aaaaaaaaa"), Case("aaaaaaa", "aaa"))
    assert (told.cases, told.passed) == (2, 1)
    assert told.failures == ("aaaaaaa → aaa",)


def test_direction_lets_a_probability_fall_and_hardly_rise():
    told = outcome("direction", Case("aaaa", "aaa", 1), Case("aaaa", "aaaa", 1), Case("aaaa", "aaaaa", 1))
    assert (told.passed, told.failures) == (2, ("aaaa → aaaaa",))
    assert outcome("direction", Case("aaaa", "aaaaa", 0)).passed == 1


def test_minimum_asks_for_the_label():
    told = outcome("minimum", Case("aaaaaaa", label=1), Case("b", label=0), *[Case("b", label=1)] * 5)
    assert (told.cases, told.passed) == (7, 2)
    assert told.failures == ("b", "b", "b")
