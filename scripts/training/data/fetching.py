"""The public originals: fetched once, checked by hash, kept in a folder whose marker is written last."""

import hashlib
import json
import logging
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
from tqdm import tqdm

from app.labelled.errors import DataError

logger = logging.getLogger(__name__)

MARKER = "complete.json"
"""Stands in a set's folder once every file is there and fits its checksum."""

TIMEOUT_SECONDS = 30.0
"""For connecting, and for each piece of the answer."""

DEADLINE_SECONDS = 3600.0
"""For a whole file, however steadily it trickles."""

AS_STORED = {"accept-encoding": "identity"}
"""Asks for the bytes that the checksum is of, not packed for the way."""


class FetchFailed(DataError):
    """The public original could not be fetched, or its hash is another."""

    code = "fetch_failed"
    title = "The data could not be fetched"


@dataclass(frozen=True, slots=True)
class Original:
    """A public file: where it is, its name in the cache, and its checksum as `sha256:…` or `md5:…`."""

    url: str
    name: str
    checksum: str


def fetch(set_name: str, originals: Sequence[Original], cache: Path) -> Path:
    """The folder `cache`/`set_name` with every one of `originals` in it; only what is not there yet is fetched.

    Files count by their checksum, the folder by its marker. Raises `FetchFailed` where one cannot be had.
    """
    folder = cache / set_name
    if is_complete(folder, originals):
        return folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARKER).unlink(missing_ok=True)
        for original in originals:
            if not _fits(folder / original.name, original.checksum):
                _download(original, folder / original.name)
        _mark(folder, originals)
    except OSError as error:
        raise FetchFailed(f"expected to keep {set_name} in {folder}; received: {error}; name another cache") from None
    return folder


def is_complete(folder: Path, originals: Sequence[Original]) -> bool:
    """Whether the folder's marker tells of just these files, and each is there and fits its checksum."""
    try:
        marked = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return marked == _marking(originals) and all(_fits(folder / file.name, file.checksum) for file in originals)


def _marking(originals: Sequence[Original]) -> dict[str, str]:
    return {original.name: original.checksum for original in originals}


def _mark(folder: Path, originals: Sequence[Original]) -> None:
    unfinished = folder / f"{MARKER}.{os.getpid()}.part"
    unfinished.write_text(json.dumps(_marking(originals), indent=2) + "\n", encoding="utf-8")
    unfinished.replace(folder / MARKER)


def _fits(path: Path, checksum: str) -> bool:
    if not path.is_file():
        return False
    algorithm, _, expected = checksum.partition(":")
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest() == expected


def _download(original: Original, path: Path) -> None:
    """Fetch into a file beside `path` that takes its name once the checksum fits."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    logger.info("fetching %s", original.url)
    try:
        _stream(original.url, unfinished)
        if not _fits(unfinished, original.checksum):
            raise FetchFailed(
                f"expected {original.url} to have {original.checksum}; received another file of "
                f"{unfinished.stat().st_size:,} bytes; try again, or put the original into the data folder yourself"
            )
        unfinished.replace(path)
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise FetchFailed(f"fetching {original.url} failed: {reason}") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _stream(url: str, path: Path) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    with (
        httpx.stream("GET", url, headers=AS_STORED, follow_redirects=True, timeout=TIMEOUT_SECONDS) as response,
        path.open("wb") as file,
        tqdm(desc=path.name.split(".")[0], unit="B", unit_scale=True, disable=None) as progress,
    ):
        response.raise_for_status()
        progress.total = int(response.headers.get("content-length", 0)) or None
        for piece in response.iter_raw():
            file.write(piece)
            progress.update(len(piece))
            if time.monotonic() > deadline:
                raise FetchFailed(f"fetching {url} took longer than {DEADLINE_SECONDS:,.0f} s; try a faster connection")
