import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from scripts.training.methods.distillation_loss import DistillationLoss, LabelAccuracy
from scripts.training.recipe import Distillation

ONE_HOT = np.array([[1, 0, 0], [0, 0, 1]], np.float32)
OPINION = np.array([[0.7, 0.2, 0.1], [0.1, 0.5, 0.4]], np.float32)
SAID = np.array([[0.5, 0.3, 0.2], [0.2, 0.2, 0.6]], np.float32)


def loss(targets, said, plain=None, **settings):
    plain = plain or keras.losses.SparseCategoricalCrossentropy()
    both = DistillationLoss(plain, Distillation(teachers=("a",), **settings))
    return float(both(np.asarray(targets), np.asarray(said)))


def softened(rows, temperature):
    powers = rows ** (1 / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(wanted, said):
    return float(-(wanted * np.log(said)).sum(axis=1).mean())


def test_the_loss_is_the_labels_and_the_teachers_in_the_asked_shares():
    side_by_side = np.hstack([ONE_HOT, OPINION])
    hard, soft = cross_entropy(ONE_HOT, SAID), cross_entropy(OPINION, SAID)
    assert loss(side_by_side, SAID, weight=0.25) == pytest.approx(0.75 * hard + 0.25 * soft, rel=1e-5)
    assert loss(side_by_side, SAID, weight=1.0) == pytest.approx(soft, rel=1e-5)


def test_a_temperature_softens_both_sides_and_the_loss_grows_with_its_square():
    expected = 9 * cross_entropy(softened(OPINION, 3), softened(SAID, 3))
    assert loss(np.hstack([ONE_HOT, OPINION]), SAID, weight=1.0, temperature=3.0) == pytest.approx(expected, rel=1e-5)


def test_one_output_is_the_second_of_two_labels():
    opinion, said = (np.stack([1 - rows[:, 2], rows[:, 2]], axis=1) for rows in (OPINION, SAID))
    targets = np.hstack([ONE_HOT[:, [0, 2]], opinion])
    plain = keras.losses.BinaryCrossentropy()
    assert loss(targets, SAID[:, 2:], plain, weight=1.0) == pytest.approx(cross_entropy(opinion, said), rel=1e-5)
    half = 0.5 * cross_entropy(ONE_HOT[:, [0, 2]], said) + 0.5 * cross_entropy(opinion, said)
    assert loss(targets, SAID[:, 2:], plain, weight=0.5) == pytest.approx(half, rel=1e-5)


@pytest.mark.parametrize("targets", [np.array([0, 2]), np.array([[0], [2]])])
def test_plain_targets_as_in_validation_have_the_plain_loss(targets):
    assert loss(targets, SAID, weight=1.0) == pytest.approx(cross_entropy(ONE_HOT, SAID), rel=1e-5)


def test_a_teacher_who_is_certain_does_no_harm():
    assert np.isfinite(loss(np.hstack([ONE_HOT, ONE_HOT]), ONE_HOT, weight=0.5, temperature=0.1))


def accuracy(targets, said):
    metric = LabelAccuracy(name="accuracy")
    metric.update_state(np.asarray(targets), np.asarray(said))
    return float(metric.result())


def test_accuracy_counts_labels_not_opinions():
    said = np.array([[0.5, 0.3, 0.2], [0.2, 0.6, 0.2]], np.float32)
    assert accuracy(np.hstack([ONE_HOT, OPINION]), said) == 0.5
    assert accuracy(np.array([0, 2]), said) == 0.5
    assert accuracy(np.array([[0.0], [1.0]], np.float32), np.array([[0.4], [0.7]], np.float32)) == 1.0
