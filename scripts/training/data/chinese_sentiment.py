"""Chinese reviews of hotels and online shopping, positive or negative; 10 % are held out, no split being official."""

from pathlib import Path

from app.labelled.files import locate_all
from scripts.training.data.assembly import checked, to_split
from scripts.training.data.fetching import Original
from scripts.training.data.split import concatenate, hold_out
from scripts.training.data.table import Table
from scripts.training.data.types import Dataset

LABELS = ("negative", "positive")
LICENCE = "none stated (a collection of public reviews)"
SOURCE = "ChnSentiCorp_htl_all and online_shopping_10_cats of github.com/SophonPlus/ChineseNlpCorpus"
TEST_SHARE = 0.1

REPOSITORY = (
    "https://raw.githubusercontent.com/SophonPlus/ChineseNlpCorpus/a0b781d72158bde242c0626c9e354d2b328865ff/datasets"
)
ORIGINALS = (
    Original(
        url=f"{REPOSITORY}/ChnSentiCorp_htl_all/ChnSentiCorp_htl_all.csv",
        name="ChnSentiCorp_htl_all.csv",
        checksum="sha256:1d414b9c65caf3a836abdb4efded621968502ad3338e1a9d885ae131c86083f0",
    ),
    Original(
        url=f"{REPOSITORY}/online_shopping_10_cats/online_shopping_10_cats.zip",
        name="online_shopping_10_cats.zip",
        checksum="sha256:6816ded66fde9d0927ecbd370b5e12d0174d1abac35192ec014ac2a0a8d25858",
    ),
)
"""The repository states no checksums: these were taken from the files of that commit."""

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
