"""Rows that stand more than once: counted, and taken out of the test part where training has them too."""

from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from app.labelled.problems import Problem
from scripts.training.data.split import fingerprints, select
from scripts.training.data.types import Dataset

SHARED = "the training part has it too"


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


def without_shared(datasets: Sequence[Dataset]) -> list[Dataset]:
    """The same data sets, their test parts without the rows whose content any of the training parts has.

    Each such row is a problem of its data set; the training parts stay as they are.
    """
    known = {content for dataset in datasets for content in fingerprints(dataset.train)}
    return [_without(dataset, known) for dataset in datasets]


def _without(dataset: Dataset, known: Container[bytes]) -> Dataset:
    """The data set without the test rows that are known."""
    contents = fingerprints(dataset.test)
    kept = [row for row, content in enumerate(contents) if content not in known]
    shared = [row for row, content in enumerate(contents) if content in known]
    problems = [Problem(f"{dataset.name}, test row {row + 1}", SHARED) for row in shared]
    return replace(dataset, test=select(dataset.test, kept), problems=(*dataset.problems, *problems))
