from itertools import islice

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from app.types import Signature, TensorSpec
from scripts.training.batches import Batches
from scripts.training.crops import Crops
from scripts.training.examples import Examples
from scripts.training.streams import endless, once

SIGNATURE = Signature(
    (TensorSpec("tokens", "int32", (None, None)),), (TensorSpec("probabilities", "float32", (None, 1)),)
)
BUCKETS = (2, 6)


@pytest.fixture
def examples():
    """Five texts of 0 to 4 tokens, padded to six, whose target is their number of tokens."""
    inputs = np.tri(5, 6, -1, dtype=np.int32)[:, ::-1] * 7
    return Examples(inputs, np.arange(5, dtype=np.float32)[:, np.newaxis])


def test_every_text_comes_once_with_those_of_its_bucket(examples):
    batches = [(inputs.numpy(), targets.numpy()) for inputs, targets in once(examples, BUCKETS, SIGNATURE)]
    assert [inputs.shape for inputs, _ in batches] == [(3, 2), (2, 6)]
    assert [targets.ravel().tolist() for _, targets in batches] == [[0, 1, 2], [3, 4]]
    assert all(((inputs == 7).sum(axis=1) == targets.ravel()).all() for inputs, targets in batches)


def test_its_number_of_batches_is_known_and_it_can_be_read_again(examples):
    dataset = once(examples, BUCKETS, SIGNATURE)
    assert int(dataset.cardinality()) == len(list(dataset)) == len(list(dataset)) == 2


def test_training_batches_come_as_they_are_and_do_not_end(examples):
    def whole(tokens, random):
        return Crops(np.zeros_like(tokens), tokens)

    batches = Batches(examples, 2, 1, draw_crops=whole, buckets=BUCKETS)
    for number, (inputs, targets) in enumerate(islice(endless(batches, SIGNATURE), 12)):
        np.testing.assert_array_equal(inputs, batches[number][0])
        np.testing.assert_array_equal(targets, batches[number][1])
