"""The lines of a text file, plain or packed, one after the other."""

import gzip
import lzma
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from app.labelled.errors import DataInvalid
from app.labelled.rows import UTF16_MARKS

MOST_BYTES = 16 * 2**20
"""A longer line is no row of anything: it is cut, and told."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line with its end, and what is wrong with it."""

    text: str
    number: int
    problem: str = ""


class Lines:
    """A file's lines; `position` is how many of its `size` bytes on the disk have been read."""

    schema = None

    def __init__(self, path: Path) -> None:
        self._path = path
        self._raw = _opened(path)
        self._file: IO[bytes] = _unpacked(self._raw, path)
        self.size = path.stat().st_size

    @property
    def position(self) -> int:
        """How many bytes of the file on the disk have been read."""
        return self._raw.tell()

    def close(self) -> None:
        """Give the file back."""
        self._file.close()
        self._raw.close()

    def __iter__(self) -> Iterator[Line]:
        """The lines from here on; raises `DataInvalid` where the file is damaged or in UTF-16."""
        number = 0
        while content := self._read():
            number += 1
            if number == 1:
                self._refuse_utf16(content)
                content = content.removeprefix(BYTE_ORDER_MARK)
            yield _line(content, number)
            while len(content) == MOST_BYTES and not content.endswith(b"\n"):
                content = self._read()

    def _read(self) -> bytes:
        """The next line, or as much of it as can be one."""
        try:
            return self._file.readline(MOST_BYTES)
        except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
            raise DataInvalid(f"{self._path} is damaged, cut short or unreadable ({error})") from None

    def _refuse_utf16(self, content: bytes) -> None:
        if content.startswith(UTF16_MARKS):
            raise DataInvalid(f"expected {self._path} in UTF-8; received UTF-16; save it again as UTF-8")


def _opened(path: Path) -> IO[bytes]:
    """The file; raises `DataInvalid` where it cannot be opened."""
    try:
        return path.open("rb")
    except OSError as error:
        raise DataInvalid(f"{path} cannot be read: {error.strerror}") from None


def _unpacked(raw: IO[bytes], path: Path) -> Any:
    """What is in the file, whatever it is packed with."""
    match path.suffix.lower():
        case ".gz":
            return gzip.GzipFile(fileobj=raw)
        case ".xz":
            return lzma.LZMAFile(raw)
        case _:
            return raw


def _line(content: bytes, number: int) -> Line:
    """The bytes of a line as text; those that are not UTF-8 are shown as U+FFFD."""
    if len(content) == MOST_BYTES and not content.endswith(b"\n"):
        return Line("", number, f"line {number}: longer than {MOST_BYTES:,} bytes")
    try:
        return Line(content.decode(), number)
    except UnicodeDecodeError as error:
        problem = f"line {number}: byte 0x{content[error.start]:02x} is not UTF-8"
        return Line(content.decode(errors="replace"), number, problem)
