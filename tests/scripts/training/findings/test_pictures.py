import numpy as np
import pytest

from app.evaluation.judged import Judged
from app.processing.image import decode_grey, to_digit
from scripts.training.data.types import Split
from scripts.training.findings.pictures import picture_figures, small_digits

LABELS = tuple("0123456789")


@pytest.fixture
def bars():
    """Two thick bars, which are to be a one and a seven."""
    images = np.zeros((2, 28, 28), np.uint8)
    images[:, 4:24, 11:16] = 255
    return Split(images, np.array([1, 7]))


def always_one(inputs, targets):
    return Judged(LABELS, targets, np.eye(10)[np.ones(len(inputs), int)], np.zeros(len(inputs), bool))


def test_small_digits_are_files_that_the_serving_preprocessing_reads():
    pictures = small_digits()
    assert len(pictures.inputs) == len(pictures.targets) == 1797
    assert set(pictures.targets.tolist()) == set(range(10))
    assert to_digit(decode_grey(pictures.inputs[0])).shape == (28, 28)


def test_each_set_is_told_in_all_and_by_condition(bars):
    rendered, small = picture_figures(["rendered", "load_digits"], bars, always_one)
    assert (rendered["name"], small["name"]) == ("rendered", "load_digits")
    assert rendered["accuracy"]["rows"] == sum(part["rows"] for part in rendered["conditions"])
    assert len(rendered["conditions"]) > 5
    assert all(part["value"] == 0.5 for part in rendered["conditions"])
    assert small["accuracy"]["value"] == pytest.approx(0.101, abs=0.01)
