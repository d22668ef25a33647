"""Rows that stand more than once: counted, and taken out of training where the test part has them too."""

from collections import defaultdict
from dataclasses import dataclass, replace

from scripts.training.data.split import fingerprints, select
from scripts.training.data.types import Dataset


@dataclass(frozen=True, slots=True)
class Duplicates:
    """How often contents repeat; texts are compared by their letters and digits, images by their pixels.

    `train` and `test` count the rows that repeat an earlier row of their part, `shared` the contents that both parts
    have, `contradictory` those that stand under more than one label.
    """

    train: int
    test: int
    shared: int
    contradictory: int


def count_duplicates(dataset: Dataset) -> Duplicates:
    """Count the repeated contents of a data set."""
    train, test = fingerprints(dataset.train), fingerprints(dataset.test)
    targets: dict[bytes, set[int]] = defaultdict(set)
    for contents, split in ((train, dataset.train), (test, dataset.test)):
        for content, target in zip(contents, split.targets.tolist(), strict=True):
            targets[content].add(target)
    return Duplicates(
        train=len(train) - len(set(train)),
        test=len(test) - len(set(test)),
        shared=len(set(train) & set(test)),
        contradictory=sum(len(found) > 1 for found in targets.values()),
    )


def without_shared(dataset: Dataset) -> Dataset:
    """The same data set without the training rows whose content the test part has; the test part stays as it is."""
    test = set(fingerprints(dataset.test))
    kept = [row for row, content in enumerate(fingerprints(dataset.train)) if content not in test]
    return replace(dataset, train=select(dataset.train, kept))
