import numpy as np
import pytest

from app.evaluation.reliability import log_loss
from scripts.training.calibration.temperature import HIGHEST, fit_temperature, softmax, tempered


def drawn(labels, rows=4000):
    """Logits (rows, labels), and targets drawn by their softmax."""
    random = np.random.default_rng(3)
    logits = random.normal(0, 2, (rows, labels))
    targets = np.array([random.choice(labels, p=shares) for shares in softmax(logits)])
    return logits, targets


@pytest.mark.parametrize("labels", [2, 4])
@pytest.mark.parametrize("overconfidence", [0.4, 1.0, 3.0])
def test_the_temperature_is_the_factor_by_which_a_model_is_too_sure(labels, overconfidence):
    logits, targets = drawn(labels)
    assert fit_temperature(logits * overconfidence, targets) == pytest.approx(overconfidence, rel=0.06)


def test_no_other_temperature_gives_a_lower_loss():
    logits, targets = drawn(3)
    best = fit_temperature(logits * 2, targets)
    losses = [log_loss(softmax(logits * 2 / (best * factor)), targets) for factor in (0.97, 1.0, 1.03)]
    assert losses.index(min(losses)) == 1


def test_a_model_that_is_never_wrong_or_never_right_stays_within_the_bounds():
    logits = np.array([[9.0, 0.0], [0.0, 9.0]])
    assert fit_temperature(logits, np.array([0, 1])) == pytest.approx(0.05, rel=1e-6)
    assert fit_temperature(logits, np.array([1, 0])) == pytest.approx(HIGHEST, rel=1e-6)


def test_tempering_is_undone_by_the_inverse_and_keeps_the_order():
    probabilities = softmax(np.random.default_rng(0).normal(0, 3, (50, 5)))
    softer = tempered(probabilities, 2.5)
    np.testing.assert_array_equal(softer.argsort(axis=1), probabilities.argsort(axis=1))
    np.testing.assert_allclose(tempered(softer, 1 / 2.5), probabilities, atol=1e-9)
