"""English sentences, each rated by twenty people: of film reviews, of product reviews, and short messages.

From the data of Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text"
(ICWSM 2014): 10,605 film snippets, 3,708 of products, 4,200 messages. The sentences of newspaper editorials beside them
are left alone: what is sad news is no blame. A sentence whose mean rating, from -4 to 4, is nearer to none than
`LEAST_RATING` is neither praise nor blame, and left out.
"""

import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from app.labelled.errors import DataInvalid, DataMissing, RowInvalid
from app.labelled.problems import Problem
from app.labelled.rows import LabelledTexts, Record, gather
from scripts.training.data.assembly import checked, to_split
from scripts.training.data.fetching import Original
from scripts.training.data.split import concatenate, hold_out
from scripts.training.data.types import Dataset

NAME = "rated_sentences"
LABELS = ("negative", "positive")
LICENCE = "MIT (C.J. Hutto)"
SOURCE = "hutto_ICWSM_2014 of github.com/cjhutto/vaderSentiment (Hutto and Gilbert, ICWSM 2014)"
TEST_SHARE = 0.1
LEAST_RATING = 1.0

ARCHIVE = "hutto_ICWSM_2014.tar.gz"
TABLES = tuple(
    f"hutto_ICWSM_2014/{part}_GroundTruth.txt" for part in ("movieReviewSnippets", "amazonReviewSnippets", "tweets")
)
"""Lines of id, rating and sentence, with tabs between."""

ORIGINALS = (
    Original(
        url=f"https://raw.githubusercontent.com/cjhutto/vaderSentiment/master/additional_resources/{ARCHIVE}",
        name=ARCHIVE,
        checksum="sha256:d5bb07d87474b3eb8d30b4deccbc23f19d742a6c5718fbacc65485b70b95c5fa",
    ),
)
"""The repository states no checksum: this was taken from the file in its release 3.3.2."""


def read(directory: Path) -> Dataset:
    """Read `directory`/rated_sentences; which rows are test rows depends on their content alone.

    Raises `DataMissing` where the archive is not there, `DataInvalid` where it cannot be used.
    """
    path = directory / NAME / ARCHIVE
    if not path.is_file():
        raise DataMissing(f"{directory / NAME} lacks {ARCHIVE}")
    parts = [gather(path, _records(path, table, text), _parse) for table, text in _tables(path)]
    train, test = hold_out(concatenate([to_split(part, LABELS) for part in parts]), TEST_SHARE, salt="test")
    return checked(Dataset(NAME, LABELS, train, test, LICENCE, SOURCE, _problems(parts)))


def _tables(path: Path) -> Iterator[tuple[str, str]]:
    """Name and text of each table."""
    try:
        with tarfile.open(path) as archive:
            for table in TABLES:
                member = archive.extractfile(table)
                yield table, member.read().decode(errors="surrogateescape") if member else ""
    except KeyError as error:
        raise DataInvalid(f"expected {', '.join(TABLES)} in {path}; received: {error}; fetch it again") from None
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise DataInvalid(f"{path} is damaged or cut short ({error}); fetch it again") from None


def _records(path: Path, table: str, text: str) -> Iterator[Record | Problem]:
    """The lines of a table without those that praise and blame too little."""
    for number, line in enumerate(text.splitlines(), 1):
        place = f"{path.parent.name}/{table}:{number}"
        fields = line.split("\t", 2)
        try:
            rating = float(fields[1])
        except (IndexError, ValueError):
            yield Problem(place, "expected id, rating and sentence with tabs between")
            continue
        if abs(rating) >= LEAST_RATING:
            yield place, [*fields[2:], LABELS[rating > 0]]


def _parse(fields: list[str]) -> tuple[str, str]:
    if len(fields) != 2:
        raise RowInvalid("expected a sentence after the rating")
    return fields[0], fields[1]


def _problems(parts: list[LabelledTexts]) -> tuple[Problem, ...]:
    return tuple(problem for part in parts for problem in part.problems)
