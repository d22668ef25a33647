"""A folder of pictures: a row for each file."""

import os
from collections.abc import Iterator
from pathlib import Path

from app.cli.prediction.tables.chunk import Chunk, Row, in_chunks
from app.labelled.errors import DataInvalid

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
FILE = "file"


class PictureFolder:
    """The pictures of a folder and of those in it, by name; hidden ones aside. Its one column is `file`."""

    columns = (FILE,)
    schema = None

    def __init__(self, path: Path) -> None:
        self._names = sorted(_names(path))
        if not self._names:
            raise DataInvalid(f"expected pictures ({', '.join(PICTURES)}) in {path}; received none")
        self.size = len(self._names)
        self.position = 0

    def chunks(self, skip: int) -> Iterator[Chunk]:
        """All rows but the first `skip`, once."""
        for chunk in in_chunks((Row({FILE: name}) for name in self._names), skip):
            yield chunk
            self.position += len(chunk.rows)

    def close(self) -> None:
        """Nothing is open."""


def _names(path: Path) -> Iterator[str]:
    """The pictures' paths below the folder."""
    for place, folders, files in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and name.lower().endswith(PICTURES):
                yield (Path(place) / name).relative_to(path).as_posix()
