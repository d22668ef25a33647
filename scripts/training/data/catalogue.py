"""Every data set by its name."""

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

from scripts.training.data import ag_news, chinese_sentiment, imdb, mnist
from scripts.training.data.errors import DataError, DataMissing
from scripts.training.data.types import Dataset

READERS: dict[str, Callable[[Path], Dataset]] = {
    "mnist": mnist.read,
    "imdb": imdb.read,
    "ag_news": ag_news.read,
    "chinese_sentiment": chinese_sentiment.read,
}
"""The public sets; each reader takes the folder that holds a folder of the set's name."""


def load_dataset(name: str, directory: Path | None) -> Dataset:
    """Load a public set by its name from `directory`, the folder that holds `mnist/`, `imdb/` and so on.

    Raises `DataError`, its message saying what to do.
    """
    reader = READERS.get(name)
    if reader is None:
        nearest = get_close_matches(name, READERS, n=1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        raise DataError(f"expected a data set of {', '.join(READERS)}; received {name!r}{hint}")
    if directory is None:
        raise DataMissing(f"expected a folder that holds {name}; received none")
    return reader(directory)
