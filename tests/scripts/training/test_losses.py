import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from scripts.training.losses import LikelierAccuracy, loss_of

PREDICTED = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]], np.float32)
LABELS = np.array([0, 2])


@pytest.mark.parametrize("shape", [(2,), (2, 1)])
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_smoothed_labels_share_a_part_of_the_target_among_all_labels(smoothing, shape):
    targets = np.eye(3)[LABELS] * (1 - smoothing) + smoothing / 3
    expected = -(targets * np.log(PREDICTED)).sum(axis=1).mean()
    assert float(loss_of(smoothing, 3)(LABELS.reshape(shape), PREDICTED)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_one_output_shares_with_the_other_of_its_two_labels(smoothing):
    said, label = np.array([[0.8]], np.float32), np.array([[1.0]], np.float32)
    target = 1 - smoothing / 2
    expected = -(target * np.log(0.8) + (1 - target) * np.log(0.2))
    assert float(loss_of(smoothing, 1)(label, said)) == pytest.approx(expected, rel=1e-5)


def test_an_answer_is_right_on_its_targets_side_of_one_half():
    accuracy = LikelierAccuracy()
    accuracy.update_state(np.array([[0.2], [0.7], [1.0], [0.0]], np.float32), np.array([[0.4], [0.9], [0.4], [0.6]]))
    assert float(accuracy.result()) == 0.5
