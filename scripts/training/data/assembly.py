"""From rows to data sets: labels to numbers, several sets to one, and the last checks."""

from collections.abc import Sequence

import numpy as np

from app.types import Array
from scripts.training.data.errors import DataInvalid
from scripts.training.data.rows import LabelledTexts
from scripts.training.data.split import concatenate
from scripts.training.data.types import Dataset, Split


def to_split(rows: LabelledTexts, labels: Sequence[str]) -> Split:
    """The texts with their labels' positions in `labels`, which has them all."""
    index = {label: position for position, label in enumerate(labels)}
    return Split(rows.texts, np.array([index[label] for label in rows.labels], dtype=np.int64))


def checked(dataset: Dataset) -> Dataset:
    """The same data set; raises `DataInvalid` where it has no test rows or fewer than two classes to learn."""
    if not len(dataset.test.targets):
        raise DataInvalid(f"{dataset.name}: expected rows to test on; received none; add some, at least two a class")
    present = [dataset.labels[target] for target in np.unique(dataset.train.targets).tolist()]
    if len(present) < 2:
        raise DataInvalid(
            f"{dataset.name}: expected at least two classes to train on; received {', '.join(present) or 'no rows'}; "
            "add rows of another class"
        )
    return dataset


def official_dataset(
    name: str,
    labels: tuple[str, ...],
    rows: tuple[LabelledTexts, LabelledTexts],
    *,
    official_rows: tuple[int, int],
    licence: str,
    source: str,
) -> Dataset:
    """A public set of its official (train, test) parts; its source says so where rows of them are not there."""
    train, test = rows
    received = (len(train.texts), len(test.texts))
    if received != official_rows:
        parts = zip(("training", "test"), received, official_rows, strict=True)
        source += "; here " + ", ".join(f"{here:,} of {whole:,} {part} rows" for part, here, whole in parts)
    problems = (*train.problems, *test.problems)
    return checked(Dataset(name, labels, to_split(train, labels), to_split(test, labels), licence, source, problems))


def merge(datasets: Sequence[Dataset]) -> Dataset:
    """One data set of all rows, test rows with test rows, the labels in the first one's order.

    Raises `DataInvalid` where their labels differ, where texts meet images, or where there is none to merge.
    """
    if not datasets:
        raise DataInvalid("expected at least one data set; received none; name one in the recipe")
    first = datasets[0]
    for other in datasets[1:]:
        _refuse_unlike(first, other)
    relabelled = [_with_labels(dataset, first.labels) for dataset in datasets]
    return Dataset(
        name="+".join(dataset.name for dataset in datasets),
        labels=first.labels,
        train=concatenate([dataset.train for dataset in relabelled]),
        test=concatenate([dataset.test for dataset in relabelled]),
        licence="; ".join(dict.fromkeys(dataset.licence for dataset in datasets)),
        source="; ".join(dict.fromkeys(dataset.source for dataset in datasets)),
        problems=tuple(problem for dataset in datasets for problem in dataset.problems),
    )


def _refuse_unlike(first: Dataset, other: Dataset) -> None:
    if set(first.labels) != set(other.labels):
        raise DataInvalid(
            f"expected {other.name} to have the labels of {first.name} ({', '.join(first.labels)}); "
            f"received {', '.join(other.labels)}; rename them or train on one"
        )
    if isinstance(first.train.inputs, np.ndarray) != isinstance(other.train.inputs, np.ndarray):
        raise DataInvalid(f"expected texts or images; received both, in {first.name} and {other.name}; train on one")


def _with_labels(dataset: Dataset, labels: tuple[str, ...]) -> Dataset:
    """The same rows, their targets pointing into `labels`, an order of the same names."""
    if dataset.labels == labels:
        return dataset
    position: Array = np.array([labels.index(label) for label in dataset.labels], dtype=np.int64)
    train, test = (Split(part.inputs, position[part.targets]) for part in (dataset.train, dataset.test))
    return Dataset(dataset.name, labels, train, test, dataset.licence, dataset.source, dataset.problems)
