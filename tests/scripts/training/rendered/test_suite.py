"""The rendered suite."""

import numpy as np
import pytest

from app.processing.image import decode_grey, to_digit
from scripts.training.data.types import Split
from scripts.training.rendered.conditions import CONDITIONS
from scripts.training.rendered.suite import rendered_suite


@pytest.fixture(scope="module")
def split():
    """Twelve bars, upright and flat, in MNIST's form."""
    images = np.zeros((12, 28, 28), np.uint8)
    images[::2, 4:24, 12:16] = 255
    images[1::2, 12:16, 4:24] = 255
    return Split(images, np.arange(12) % 10)


def test_there_are_as_many_pictures_of_every_condition_and_each_has_its_digit(split):
    suite = rendered_suite(split, pictures=2)
    assert suite.conditions == [name for name in CONDITIONS for _ in range(2)]
    assert len(suite.inputs) == len(suite.targets) == 2 * len(CONDITIONS)
    assert set(suite.targets.tolist()) <= set(range(10))


def test_the_suite_is_the_same_for_the_same_seed_alone(split):
    one, same, other = (rendered_suite(split, 1, seed) for seed in (1, 1, 2))
    assert one.inputs == same.inputs
    assert one.inputs != other.inputs


def test_a_split_that_is_too_small_gives_each_of_its_digits_once(split):
    assert len(rendered_suite(split, 100).inputs) == 12 * len(CONDITIONS)


def test_an_upright_bar_is_an_upright_bar_after_the_services_preprocessing_whatever_the_condition():
    bars = np.zeros((3, 28, 28), np.uint8)
    bars[:, 4:24, 12:16] = 255
    suite = rendered_suite(Split(bars, np.ones(3, np.int64)), 3)
    for data, condition in zip(suite.inputs, suite.conditions, strict=True):
        is_ink = to_digit(decode_grey(data)) > 0.5
        high, wide = (np.flatnonzero(is_ink.any(axis=axis)).size for axis in (1, 0))
        assert high >= 16, condition
        assert wide <= 15, condition
