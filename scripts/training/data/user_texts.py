"""A user's own texts: a folder with train.txt and test.txt, a `text<TAB>label` row a line, in UTF-8."""

from collections.abc import Container
from pathlib import Path

from app.labelled.errors import DataInvalid, DataMissing, RowInvalid
from app.labelled.files import locate
from app.labelled.rows import LabelledTexts, gather, tab_records
from scripts.training.data.assembly import checked, to_split
from scripts.training.data.split import hold_out
from scripts.training.data.types import Dataset

TEST_SHARE = 0.1
"""Of train.txt, by content, where there is no test.txt."""

MAX_LABEL_CHARACTERS = 100


def load_user_texts(folder: Path) -> Dataset:
    """Read train.txt and test.txt (plain or packed); the label is what follows the last tab, the labels are sorted.

    Without a test.txt a tenth of train.txt is held out. A label of test.txt that train.txt lacks is a counted problem.
    Raises `DataMissing` where there is no train.txt, `DataInvalid` where a file cannot be used.
    """
    train_path, test_path = locate(folder, "train.txt"), locate(folder, "test.txt")
    if train_path is None:
        raise DataMissing(f"{folder} lacks train.txt (rows of text<TAB>label in UTF-8, plain or packed as .gz or .xz)")
    rows = _read(train_path)
    _refuse_swapped_columns(train_path, rows)
    labels = tuple(sorted(set(rows.labels)))
    train, problems = to_split(rows, labels), rows.problems
    if test_path is None:
        train, test = hold_out(train, TEST_SHARE, salt="test")
    else:
        test_rows = _read(test_path, known=labels)
        test, problems = to_split(test_rows, labels), problems + test_rows.problems
    name = folder.resolve().name
    source = f"texts in the folder {name}"
    return checked(Dataset(name, labels, train, test, "the user's own", source, tuple(problems)))


def _read(path: Path, known: Container[str] | None = None) -> LabelledTexts:
    """The rows whose label is one of `known`, where that is given."""

    def parse(fields: list[str]) -> tuple[str, str]:
        text, label = fields
        if not 0 < len(label) <= MAX_LABEL_CHARACTERS or not label.isprintable():
            raise RowInvalid(f"expected a label after the last tab; received {label[:40]!r}")
        if known is not None and label not in known:
            raise RowInvalid(f"the label {label!r} does not stand in train.txt")
        return text, label

    return gather(path, tab_records(path), parse)


def _refuse_swapped_columns(path: Path, rows: LabelledTexts) -> None:
    """Raise `DataInvalid` where nearly every row has a label of its own: then it is no label."""
    labels = len(set(rows.labels))
    if labels >= 10 and labels > len(rows.labels) / 2:
        raise DataInvalid(
            f"expected {path} to hold text<TAB>label; received {labels:,} labels for {len(rows.labels):,} rows, "
            f"such as {rows.labels[0][:40]!r}; are the columns the other way round?"
        )
