"""What a report and a log say about a data set."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TypedDict

from scripts.training.data.duplicates import count_duplicates
from scripts.training.data.types import Dataset, Split


class DatasetSummary(TypedDict):
    """Ready for JSON: rows by label, what was left out by reason, and repeated contents (see `Duplicates`)."""

    name: str
    source: str
    licence: str
    train_rows: dict[str, int]
    test_rows: dict[str, int]
    problems: int
    problem_reasons: dict[str, int]
    duplicates: dict[str, int]


def summarise(dataset: Dataset) -> DatasetSummary:
    """Count a data set's rows, problems and duplicates."""
    reasons = Counter(problem.reason for problem in dataset.problems)
    return {
        "name": dataset.name,
        "source": dataset.source,
        "licence": dataset.licence,
        "train_rows": _rows_by_label(dataset.train, dataset.labels),
        "test_rows": _rows_by_label(dataset.test, dataset.labels),
        "problems": len(dataset.problems),
        "problem_reasons": dict(reasons.most_common()),
        "duplicates": asdict(count_duplicates(dataset)),
    }


def _rows_by_label(split: Split, labels: Sequence[str]) -> dict[str, int]:
    counts = Counter(split.targets.tolist())
    return {label: counts[position] for position, label in enumerate(labels)}
