"""AG News: titles and first sentences of news in four classes (Zhang, Zhao, LeCun, NIPS 2015), official test split."""

from pathlib import Path

from app.labelled.errors import DataMissing
from app.labelled.files import locate
from scripts.training.data.assembly import official_dataset
from scripts.training.data.fetching import Original
from scripts.training.data.table import Table
from scripts.training.data.types import Dataset

LABELS = ("World", "Sports", "Business", "Sci/Tech")
LICENCE = "research and other non-commercial use (the set's readme.txt)"
SOURCE = "AG's corpus of news articles (Gulli), classes and splits by Zhang, Zhao, LeCun 2015"

OFFICIAL_ROWS = (120_000, 7_600)

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
    train = (OFFICIAL if whole_path else SUBSET).read(train_path)
    rows = (train, OFFICIAL.read(test_path))
    return official_dataset("ag_news", LABELS, rows, official_rows=OFFICIAL_ROWS, licence=LICENCE, source=SOURCE)


def _rows_in_name(path: Path) -> int:
    digits = "".join(character for character in path.name if character.isdigit())
    return int(digits or 0)
