"""Chinese reviews of hotels and online shopping, positive or negative; 10 % are held out, no split being official."""

from pathlib import Path

from scripts.training.data.assembly import checked, to_split
from scripts.training.data.files import locate_all
from scripts.training.data.split import concatenate, hold_out
from scripts.training.data.table import Table
from scripts.training.data.types import Dataset

LABELS = ("negative", "positive")
LICENCE = "none stated (a collection of public reviews)"
SOURCE = "ChnSentiCorp_htl_all and online_shopping_10_cats of github.com/SophonPlus/ChineseNlpCorpus"
TEST_SHARE = 0.1

SIDES = {"0": "negative", "1": "positive"}
HOTELS = Table(columns=("label", "review"), text=("review",), label="label", labels=SIDES)
SHOPPING = Table(columns=("cat", "label", "review"), text=("review",), label="label", labels=SIDES)
TABLES = {"ChnSentiCorp_htl_all.csv": HOTELS, "online_shopping_10_cats.csv": SHOPPING}


def read(directory: Path) -> Dataset:
    """Read `directory`/chinese_sentiment; which rows are test rows depends on their content alone.

    Raises `DataMissing` where a file is not there, `DataInvalid` where one cannot be used.
    """
    paths = locate_all(directory / "chinese_sentiment", tuple(TABLES))
    parts = [table.read(path) for table, path in zip(TABLES.values(), paths, strict=True)]
    train, test = hold_out(concatenate([to_split(part, LABELS) for part in parts]), TEST_SHARE, salt="test")
    return checked(
        Dataset(
            name="chinese_sentiment",
            labels=LABELS,
            train=train,
            test=test,
            licence=LICENCE,
            source=SOURCE,
            problems=tuple(problem for part in parts for problem in part.problems),
        )
    )
