"""The accuracy of parts of the test rows: by language, length, stroke and label."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.evaluation.judged import Judged
from app.types import Array
from scripts.training.data.types import Dataset
from scripts.training.evaluation import accuracy_of
from scripts.training.languages import count_words, is_chinese

LENGTHS = (16, 32, 64, 128, 256)
"""The largest number of words in each slice of texts but the last."""


def slices_of(judged: Mapping[str, Judged], datasets: Sequence[Dataset]) -> dict[str, list[dict[str, Any]]]:
    """By grouping, each slice that has rows with its accuracy and interval, all data sets together.

    A grouping that would be one slice is left out.
    """
    is_right = np.concatenate([part.is_right for part in judged.values()])
    labels = next(iter(judged.values())).labels
    true = np.concatenate([np.asarray(labels)[part.targets] for part in judged.values()])
    tested = [data.test.inputs for data in datasets]
    groupings = {**_by_content(tested), "label": (labels, true)}
    told = {name: _slices(order, names, is_right) for name, (order, names) in groupings.items()}
    return {name: slices for name, slices in told.items() if len(slices) > 1}


def _by_content(tested: Sequence[Sequence[str] | Array]) -> dict[str, tuple[Sequence[str], Array]]:
    """By grouping: the slices' names in order, and the name of each row's slice (rows,)."""
    if isinstance(tested[0], np.ndarray):
        return {"stroke": _strokes(np.concatenate([np.asarray(images) for images in tested]))}
    texts = [str(text) for inputs in tested for text in inputs]
    languages = np.array(["Chinese" if is_chinese(text) else "other" for text in texts])
    names = [f"up to {length} words" for length in LENGTHS] + ["more"]
    places = np.searchsorted(LENGTHS, [count_words(text) for text in texts])
    return {"language": (("Chinese", "other"), languages), "length": (names, np.array(names)[places])}


def _strokes(images: Array) -> tuple[Sequence[str], Array]:
    """Thirds of the images by their ink."""
    ink = images.reshape(len(images), -1).mean(axis=1)
    names = ("thin third", "middle third", "thick third")
    return names, np.array(names)[np.searchsorted(np.quantile(ink, [1 / 3, 2 / 3]), ink)]


def _slices(order: Sequence[str], names: Array, is_right: Array) -> list[dict[str, Any]]:
    return [{"name": str(name), **accuracy_of(is_right[names == name])} for name in order if (names == name).any()]
