import numpy as np

from app.evaluation.judged import Judged
from scripts.training.data.types import Dataset, Split
from scripts.training.findings.slices import slices_of


def dataset(inputs, targets):
    split = Split(inputs, np.array(targets))
    return Dataset("one", ("n", "p"), split, split, "", "")


def judged(targets, predicted):
    return Judged(("n", "p"), np.array(targets), np.eye(2)[predicted], np.zeros(len(targets), bool))


def test_texts_are_sliced_by_language_length_and_label():
    texts = ["so good", "很好的电影", "bad " * 40, "差"]
    slices = slices_of({"one": judged([1, 1, 0, 0], [1, 0, 0, 0])}, [dataset(texts, [1, 1, 0, 0])])
    told = {name: [(part["name"], part["rows"], part["value"]) for part in parts] for name, parts in slices.items()}
    assert told == {
        "language": [("Chinese", 2, 0.5), ("other", 2, 1.0)],
        "length": [("up to 16 words", 3, 0.66667), ("up to 64 words", 1, 1.0)],
        "label": [("n", 2, 1.0), ("p", 2, 0.5)],
    }


def test_a_grouping_of_one_slice_is_left_out():
    slices = slices_of({"one": judged([1, 0], [1, 0])}, [dataset(["good", "bad"], [1, 0])])
    assert list(slices) == ["label"]


def test_images_are_sliced_by_their_ink():
    images = np.zeros((9, 28, 28), np.uint8)
    for row, image in enumerate(images):
        image[: row + 1] = 255
    slices = slices_of({"one": judged([0] * 9, [0] * 8 + [1])}, [dataset(images, [0] * 9)])
    assert [(part["name"], part["rows"]) for part in slices["stroke"]] == [
        ("thin third", 3),
        ("middle third", 3),
        ("thick third", 3),
    ]
    assert slices["stroke"][-1]["value"] < 1
