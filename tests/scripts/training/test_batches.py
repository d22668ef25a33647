import numpy as np
import pytest

pytest.importorskip("keras", reason="training needs the tensorflow extra")

from scripts.training.batches import Batches, EpochClock
from scripts.training.examples import Examples

EXAMPLES = Examples(np.arange(10)[:, np.newaxis], np.arange(10))


def order(batches):
    return np.concatenate([batches[number][1] for number in range(len(batches))]).tolist()


def test_every_row_comes_once_an_epoch_with_its_own_target():
    batches = Batches(EXAMPLES, 4, seed=1)
    assert len(batches) == 3
    assert sorted(order(batches)) == list(range(10))
    assert all((inputs[:, 0] == targets).all() for inputs, targets in (batches[number] for number in range(3)))


def test_the_order_follows_from_seed_and_epoch_alone():
    batches, again = Batches(EXAMPLES, 4, seed=1), Batches(EXAMPLES, 4, seed=1)
    first = order(batches)
    EpochClock(batches).on_epoch_begin(3)
    assert order(batches) != first
    again.begin(3)
    assert order(again) == order(batches)
    assert order(Batches(EXAMPLES, 4, seed=2)) != first


def test_a_batch_is_changed_the_same_way_in_the_same_epoch_only():
    def shake(inputs, random):
        return inputs + random.random(inputs.shape)

    batches = Batches(EXAMPLES, 4, 1, shake)
    np.testing.assert_array_equal(batches[0][0], batches[0][0])
    assert not np.array_equal(batches[0][0] % 1, batches[1][0] % 1)
