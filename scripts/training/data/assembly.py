"""From rows to data sets: labels to numbers, and the last checks."""

from collections.abc import Sequence

import numpy as np

from app.labelled.errors import DataInvalid
from app.labelled.rows import LabelledTexts
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
