from itertools import islice

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import tensorflow as tf

from app.types import Signature, TensorSpec
from scripts.training.batches import Batches
from scripts.training.crops import Crops
from scripts.training.examples import Examples
from scripts.training.streams import share_out, training_stream, validation_stream

SIGNATURE = Signature(
    (TensorSpec("tokens", "int32", (None, None)),), (TensorSpec("probabilities", "float32", (None, 1)),)
)
BUCKETS = (2, 6)


@pytest.fixture
def examples():
    """Five texts of 0 to 4 tokens, padded to six, whose target is their number of tokens."""
    inputs = np.tri(5, 6, -1, dtype=np.int32)[:, ::-1] * 7
    return Examples(inputs, np.arange(5, dtype=np.float32)[:, np.newaxis])


def arrays(stream, batches):
    return [tuple(part.numpy() for part in batch) for batch in islice(stream, batches)]


def whole(tokens, random):
    return Crops(np.zeros_like(tokens), tokens)


def test_every_text_comes_once_with_those_of_its_bucket_and_then_again(examples):
    stream, steps = validation_stream(examples, BUCKETS, SIGNATURE, tf.distribute.get_strategy())
    assert steps == 2
    batches = arrays(stream, 4)
    assert [inputs.shape for inputs, _ in batches] == [(3, 2), (2, 6)] * 2
    assert [targets.ravel().tolist() for _, targets in batches] == [[0, 1, 2], [3, 4]] * 2
    assert all(((inputs == 7).sum(axis=1) == targets.ravel()).all() for inputs, targets in batches)


def test_training_batches_come_as_they_are_from_any_number_on_and_do_not_end(examples):
    batches = Batches(examples, 2, 1, draw_crops=whole, buckets=BUCKETS)
    stream = training_stream(batches, SIGNATURE, tf.distribute.get_strategy(), first=3)
    for number, (inputs, targets) in enumerate(arrays(stream, 12), 3):
        np.testing.assert_array_equal(inputs, batches[number][0])
        np.testing.assert_array_equal(targets, batches[number][1])


@pytest.mark.parametrize("target", [lambda rows: rows % 2, lambda rows: np.eye(2)[rows.ravel().astype(int) % 2]])
def test_rows_weigh_as_their_label_does_however_the_label_is_written(examples, target):
    labelled = Examples(examples.inputs, target(examples.targets).astype(np.float32))
    batches = Batches(labelled, 5, 1, draw_crops=whole, buckets=BUCKETS)
    stream = training_stream(batches, SIGNATURE, tf.distribute.get_strategy(), label_weights={0: 0.5, 1: 4.0})
    for inputs, _, weights in arrays(stream, 2):
        assert weights.tolist() == [4.0 if row.sum() // 7 % 2 else 0.5 for row in inputs]


def test_a_batch_is_shared_out_equally_and_its_first_rows_fill_up():
    shares = share_out((np.arange(5), np.arange(5) * 10), 2)
    assert [[part.tolist() for part in share] for share in shares] == [
        [[0, 1, 2], [0, 10, 20]],
        [[3, 4, 0], [30, 40, 0]],
    ]
    assert [share[0].tolist() for share in share_out((np.arange(2),), 3)] == [[0], [1], [0]]
