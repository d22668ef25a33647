"""Every data set by the name that a recipe gives it.

A name is that of a public set (`mnist`, `imdb`, `ag_news`, `chinese_sentiment`, `rated_sentences`), or a kind and a
folder of the user's own: `texts:path/to/folder` (train.txt and test.txt, see `user_texts`) or `images:path/to/folder`
(train/<label>/ and test/<label>/, see `image_folder`), the path being relative to the working directory.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from app.labelled.errors import DataError, DataMissing
from scripts.training.data import ag_news, chinese_sentiment, imdb, mnist, rated_sentences
from scripts.training.data.assembly import checked
from scripts.training.data.duplicates import without_shared
from scripts.training.data.fetching import FetchFailed, Original, fetch
from scripts.training.data.image_folder import load_image_folder
from scripts.training.data.types import Dataset
from scripts.training.data.user_texts import load_user_texts

logger = logging.getLogger(__name__)

CACHE = Path("cache")
"""Where fetched originals are kept, in the working directory."""


@dataclass(frozen=True, slots=True)
class PublicSet:
    """`read` takes the folder that holds a folder `name`; `originals` are what it needs there at least."""

    name: str
    read: Callable[[Path], Dataset]
    originals: tuple[Original, ...]


PUBLIC_SETS = {
    "mnist": PublicSet("mnist", mnist.read, mnist.ORIGINALS),
    "imdb": PublicSet("imdb", imdb.read, imdb.ORIGINALS),
    "ag_news": PublicSet("ag_news", ag_news.read, ag_news.ORIGINALS),
    "chinese_sentiment": PublicSet("chinese_sentiment", chinese_sentiment.read, chinese_sentiment.ORIGINALS),
    "rated_sentences": PublicSet("rated_sentences", rated_sentences.read, rated_sentences.ORIGINALS),
}

USER_SETS = {"texts": load_user_texts, "images": load_image_folder}


def load_datasets(names: Sequence[str], directory: Path | None, cache: Path | None = CACHE) -> list[Dataset]:
    """Load data sets by their names, their test parts without what any of them has in its training part.

    A public set is read from `directory`, the folder that holds `mnist/`, `imdb/` and so on; where that lacks it, from
    `cache`, into which it is fetched once. A `cache` of None forbids that. Raises `DataError`, saying what to do.
    """
    return [checked(dataset) for dataset in without_shared([_load(name, directory, cache) for name in names])]


def load_dataset(name: str, directory: Path | None, cache: Path | None = CACHE) -> Dataset:
    """Load one data set in the same way."""
    (dataset,) = load_datasets([name], directory, cache)
    return dataset


def _load(name: str, directory: Path | None, cache: Path | None) -> Dataset:
    """A data set as it is."""
    kind, colon, path = name.partition(":")
    if colon and kind in USER_SETS:
        return USER_SETS[kind](Path(path).expanduser())
    if name not in PUBLIC_SETS:
        nearest = get_close_matches(name, PUBLIC_SETS, n=1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        raise DataError(
            f"expected {', '.join(PUBLIC_SETS)}, texts:<folder> or images:<folder>; received {name!r}{hint}"
        )
    return load_public(PUBLIC_SETS[name], directory, cache)


def load_public(public: PublicSet, directory: Path | None, cache: Path | None) -> Dataset:
    """Read a public set from `directory`, or else from `cache`, fetching it where that is needed and allowed."""
    lacking = f"no folder that holds {public.name}/ was named (--data)"
    if directory is not None:
        try:
            return public.read(directory)
        except DataMissing as missing:
            lacking = str(missing)
    if cache is None:
        raise DataMissing(f"{lacking}; name a folder that has the files, or allow a cache to fetch them into")
    try:
        fetch(public.name, public.originals, cache)
    except FetchFailed as failed:
        urls = ", ".join(original.url for original in public.originals)
        raise DataMissing(
            f"{lacking}; and {failed}; name a folder that has the files, or run once where the network reaches {urls}"
        ) from None
    logger.info("%s; reading the public original from %s", lacking, cache / public.name)
    return public.read(cache)
