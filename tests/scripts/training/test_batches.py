from functools import partial

import numpy as np
import pytest

pytest.importorskip("keras", reason="training needs the tensorflow extra")

from scripts.training.batches import Batches
from scripts.training.crops import Crops
from scripts.training.examples import Examples

EXAMPLES = Examples(np.arange(10)[:, np.newaxis], np.arange(10))
BUCKETS = (4, 8, 16)


def epoch(batches, number=0):
    steps = batches.steps_per_epoch
    return [batches[index] for index in range(number * steps, (number + 1) * steps)]


def order(batches, number=0):
    return np.concatenate([targets for _, targets in epoch(batches, number)]).tolist()


def texts(rows=200, reach=16):
    """Texts of 0 to 16 tokens, each token being its text's number and 2, padded in front."""
    lengths = np.random.default_rng(5).integers(0, reach + 1, rows)
    places = np.arange(reach) >= reach - lengths[:, np.newaxis]
    return Examples(np.where(places, np.arange(rows)[:, np.newaxis] + 2, 0).astype(np.int32), np.arange(rows))


def whole(tokens, random):
    return Crops(np.zeros_like(tokens), tokens)


def any_part(tokens, random):
    return Crops(np.zeros_like(tokens), random.integers(0, tokens + 1))


bucketed = partial(Batches, draw_crops=whole, buckets=BUCKETS)


def test_every_row_comes_once_an_epoch_with_its_own_target():
    batches = Batches(EXAMPLES, 4, seed=1)
    assert batches.steps_per_epoch == 3
    assert sorted(order(batches)) == sorted(order(batches, 5)) == list(range(10))
    assert all((inputs[:, 0] == targets).all() for inputs, targets in (batches[number] for number in range(6)))


def test_the_order_follows_from_seed_and_epoch_alone():
    batches = Batches(EXAMPLES, 4, seed=1)
    later = order(batches, 3)
    assert later != order(batches)
    assert later == order(batches, 3)
    assert later == order(Batches(EXAMPLES, 4, seed=1, first_epoch=3))
    assert later != order(Batches(EXAMPLES, 4, seed=2), 3)


def test_a_batch_is_changed_the_same_way_in_the_same_epoch_only():
    def shake(inputs, random):
        return inputs + random.random(inputs.shape)

    batches = Batches(EXAMPLES, 10, 1, shake)
    np.testing.assert_array_equal(batches[0][0], batches[0][0])
    assert not np.array_equal(np.sort(batches[0][0] % 1, axis=0), np.sort(batches[1][0] % 1, axis=0))


def test_a_batch_holds_texts_of_one_bucket_each_in_its_own():
    examples = texts()
    lengths = (examples.inputs > 0).sum(axis=1)
    for inputs, targets in epoch(bucketed(examples, 16, 1)):
        own = np.array(BUCKETS)[np.searchsorted(BUCKETS, lengths[targets])]
        assert set(own) == {inputs.shape[1]}
        np.testing.assert_array_equal((inputs == targets[:, np.newaxis] + 2).sum(axis=1), lengths[targets])


def test_every_text_comes_once_an_epoch_in_as_many_batches_as_in_any_other():
    batches = Batches(texts(), 16, 1, draw_crops=any_part, buckets=BUCKETS)
    assert batches.steps_per_epoch == 13 + 2
    for number in range(4):
        assert sorted(order(batches, number)) == list(range(200))
        assert max(len(targets) for _, targets in epoch(batches, number)) <= 16


def test_batches_of_different_buckets_follow_each_other_at_random():
    lengths = [inputs.shape[1] for inputs, _ in epoch(bucketed(texts(), 8, 1))]
    assert lengths not in (sorted(lengths), sorted(lengths, reverse=True))
    assert lengths != [inputs.shape[1] for inputs, _ in epoch(bucketed(texts(), 8, 1), 1)]


def test_what_an_epoch_holds_is_the_same_when_training_begins_with_it():
    batches = partial(Batches, texts(), 16, 1, draw_crops=any_part, buckets=BUCKETS)
    for (inputs, targets), (same, also) in zip(epoch(batches(), 2), epoch(batches(first_epoch=2)), strict=True):
        np.testing.assert_array_equal(inputs, same)
        np.testing.assert_array_equal(targets, also)


def test_fewer_rows_than_batches_make_a_batch_each():
    batches = bucketed(texts(rows=3), 16, 1)
    assert batches.steps_per_epoch == 3
    assert sorted(order(batches)) == [0, 1, 2]


def test_iterating_goes_on_into_the_next_epoch():
    batches = Batches(EXAMPLES, 4, seed=1)
    taken = [targets.tolist() for _, (_, targets) in zip(range(6), batches, strict=False)]
    assert taken == [batches[number][1].tolist() for number in range(6)]


def test_targets_may_be_made_of_the_very_rows_crops_and_inputs_of_a_batch():
    def label(rows, crops, inputs):
        return np.stack([rows, crops.sizes[rows], inputs.max(axis=1)], axis=1)

    batches = bucketed(texts(), 16, seed=3, label=label)
    for inputs, targets in epoch(batches):
        sizes = (inputs != 0).sum(axis=1)
        assert (targets[:, 1] == sizes).all()
        assert (targets[sizes > 0, 2] == targets[sizes > 0, 0] + 2).all()
    assert sorted(np.concatenate([targets[:, 0] for _, targets in epoch(batches)]).tolist()) == list(range(200))
