import numpy as np
import pytest

pytest.importorskip("keras", reason="training needs the tensorflow extra")

from scripts.training.batches import Batches
from scripts.training.examples import Examples

EXAMPLES = Examples(np.arange(10)[:, np.newaxis], np.arange(10))


def order(batches, epoch=0):
    steps = batches.steps_per_epoch
    return np.concatenate([batches[number][1] for number in range(epoch * steps, (epoch + 1) * steps)]).tolist()


def test_every_row_comes_once_an_epoch_with_its_own_target():
    batches = Batches(EXAMPLES, 4, seed=1)
    assert batches.steps_per_epoch == 3
    assert sorted(order(batches)) == sorted(order(batches, epoch=5)) == list(range(10))
    assert all((inputs[:, 0] == targets).all() for inputs, targets in (batches[number] for number in range(6)))


def test_the_order_follows_from_seed_and_epoch_alone():
    batches = Batches(EXAMPLES, 4, seed=1)
    later = order(batches, epoch=3)
    assert later != order(batches)
    assert later == order(batches, epoch=3)
    assert later == order(Batches(EXAMPLES, 4, seed=1, first_epoch=3))
    assert later != order(Batches(EXAMPLES, 4, seed=2), epoch=3)


def test_a_batch_is_changed_the_same_way_in_the_same_epoch_only():
    def shake(inputs, random):
        return inputs + random.random(inputs.shape)

    batches = Batches(EXAMPLES, 10, 1, shake)
    np.testing.assert_array_equal(batches[0][0], batches[0][0])
    assert not np.array_equal(np.sort(batches[0][0] % 1, axis=0), np.sort(batches[1][0] % 1, axis=0))
