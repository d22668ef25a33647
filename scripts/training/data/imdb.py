"""Large Movie Review Dataset: 25,000 + 25,000 reviews of films (Maas et al., ACL 2011), official split.

Read from the authors' archive or its unpacked folder `aclImdb`, or from `imdb_train.csv` and `imdb_test.csv` with the
columns id, rating, label, text. The order is the same in each: negative before positive, then by the review's number.
"""

import gzip
import re
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from app.labelled.errors import DataInvalid, DataMissing, RowInvalid
from app.labelled.files import locate, read_content
from app.labelled.rows import LabelledTexts, Record, gather
from scripts.training.data.assembly import official_dataset
from scripts.training.data.fetching import Original
from scripts.training.data.table import Table
from scripts.training.data.types import Dataset

LABELS = ("negative", "positive")
LICENCE = "none stated; research use, cite Maas et al., ACL 2011"
SOURCE = "Large Movie Review Dataset v1.0 (Maas et al., ACL 2011)"
OFFICIAL_ROWS = (25_000, 25_000)
ARCHIVE = "aclImdb_v1.tar.gz"

ORIGINALS = (
    Original(
        url=f"https://ai.stanford.edu/~amaas/data/sentiment/{ARCHIVE}",
        name=ARCHIVE,
        checksum="md5:7c2ac02c03563afcf9b574c7e56c153a",
    ),
)
"""Origin and checksum as in torchtext.datasets.IMDB; keras.datasets.imdb has word numbers only, not the texts."""

REVIEWS = Table(
    columns=("id", "rating", "label", "text"), text=("text",), label="label", labels={"0": "negative", "1": "positive"}
)
SIDES = {"neg": "negative", "pos": "positive"}
MEMBER = re.compile(r"(?:^|/)aclImdb/(train|test)/(neg|pos)/([^/]+)\.txt$")
"""A review's path, in the archive and unpacked: its split, its side, its name."""

NAME = re.compile(r"(\d+)_\d+")
"""A review's name: its number and its rating."""


def read(directory: Path) -> Dataset:
    """Read `directory`/imdb (or `directory`/aclImdb): labels (negative, positive), HTML kept as it stands.

    Raises `DataMissing` where it is not there, `DataInvalid` where it cannot be used.
    """
    return official_dataset(
        "imdb", LABELS, _rows(directory), official_rows=OFFICIAL_ROWS, licence=LICENCE, source=SOURCE
    )


def _rows(directory: Path) -> tuple[LabelledTexts, LabelledTexts]:
    folder = directory / "imdb"
    tables = [locate(folder, f"imdb_{part}.csv") for part in ("train", "test")]
    if tables[0] and tables[1]:
        return REVIEWS.read(tables[0]), REVIEWS.read(tables[1])
    for tree in (folder / "aclImdb", directory / "aclImdb"):
        if (tree / "train").is_dir() and (tree / "test").is_dir():
            return _from_reviews(tree, _in_tree(tree))
    archive = folder / ARCHIVE
    if archive.is_file():
        return _from_reviews(archive, _in_archive(archive))
    raise DataMissing(f"{folder} lacks imdb_train.csv and imdb_test.csv (plain or packed), aclImdb/ and {ARCHIVE}")


def _from_reviews(source: Path, reviews: Iterator[tuple[str, bytes]]) -> tuple[LabelledTexts, LabelledTexts]:
    parts: dict[str, list[tuple[str, int, Record]]] = {"train": [], "test": []}
    for path, content in reviews:
        if found := MEMBER.search(path):
            part, side, name = found.groups()
            number = NAME.fullmatch(name)
            record = (path[found.start() :].removeprefix("/"), [content.decode(errors="surrogateescape"), side, name])
            parts[part].append((side, int(number[1]) if number else -1, record))
    train, test = (
        gather(source, [record for _, _, record in sorted(parts[part])], _parse) for part in ("train", "test")
    )
    return train, test


def _parse(fields: list[str]) -> tuple[str, str]:
    text, side, name = fields
    if not NAME.fullmatch(name):
        raise RowInvalid(f"expected a review's name, such as 123_9.txt; received {name[:40] + '.txt'!r}")
    return text, SIDES[side]


def _in_tree(tree: Path) -> Iterator[tuple[str, bytes]]:
    for part in ("train", "test"):
        for side in SIDES:
            for path in (tree / part / side).glob("*.txt"):
                yield path.as_posix(), read_content(path)


def _in_archive(archive: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with gzip.open(archive) as unpacked, tarfile.open(fileobj=unpacked, mode="r:") as members:
            for member in members:
                if MEMBER.search(member.name) and (content := members.extractfile(member)):
                    yield member.name, content.read()
            unpacked.read()  # to its end, where gzip compares its checksum
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise DataInvalid(f"{archive} is damaged or cut short ({error}); fetch it again") from None
