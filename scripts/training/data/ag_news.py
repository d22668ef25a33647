"""AG News: titles and first sentences of news in four classes (Zhang, Zhao, LeCun, NIPS 2015), official test split."""

from pathlib import Path

from scripts.training.data.assembly import checked, to_split
from scripts.training.data.errors import DataMissing
from scripts.training.data.fetching import Original
from scripts.training.data.files import locate, short_name
from scripts.training.data.table import Table
from scripts.training.data.types import Dataset

LABELS = ("World", "Sports", "Business", "Sci/Tech")
LICENCE = "research and other non-commercial use (the set's readme.txt)"
SOURCE = "AG's corpus of news articles (Gulli), classes and splits by Zhang, Zhao, LeCun 2015"

REPOSITORY = "https://raw.githubusercontent.com/mhjabreel/CharCnn_Keras/master/data/ag_news_csv"
ORIGINALS = (
    Original(f"{REPOSITORY}/train.csv", name="train.csv", checksum="md5:b1a00f826fdfbd249f79597b59e1dc12"),
    Original(f"{REPOSITORY}/test.csv", name="test.csv", checksum="md5:d52ea96a97a2d943681189a97654912d"),
)
"""Origins and checksums as in torchtext.datasets.AG_NEWS."""

CLASSES = {str(number): label for number, label in enumerate(LABELS, start=1)}

OFFICIAL = Table(
    columns=("class", "title", "description"),
    text=("title", "description"),
    label="class",
    labels=CLASSES,
    has_header=False,
)

SUBSET = Table(columns=("label", "text", "source"), text=("text",), label="label", labels=CLASSES)
"""A part of the training rows, title and description joined already: `train_subset_<rows>.csv`."""


def read(directory: Path) -> Dataset:
    """Read `directory`/ag_news: test.csv, and train.csv or else the largest part of it that is there.

    Raises `DataMissing` where either is not there, `DataInvalid` where one cannot be used.
    """
    folder = directory / "ag_news"
    test_path, whole_path = locate(folder, "test.csv"), locate(folder, "train.csv")
    train_path = whole_path or max(folder.glob("train_subset_*.csv*"), key=_rows_in_name, default=None)
    if test_path is None or train_path is None:
        raise DataMissing(f"{folder} lacks test.csv, or train.csv and train_subset_<rows>.csv (plain or packed)")
    test = OFFICIAL.read(test_path)
    train = (OFFICIAL if whole_path else SUBSET).read(train_path)
    part = "" if whole_path else f"; trained on a part of its training rows, {short_name(train_path)}"
    return checked(
        Dataset(
            name="ag_news",
            labels=LABELS,
            train=to_split(train, LABELS),
            test=to_split(test, LABELS),
            licence=LICENCE,
            source=SOURCE + part,
            problems=(*train.problems, *test.problems),
        )
    )


def _rows_in_name(path: Path) -> int:
    digits = "".join(character for character in path.name if character.isdigit())
    return int(digits or 0)
