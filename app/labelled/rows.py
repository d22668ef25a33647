"""Labelled texts row by row: the good are kept, the broken are counted and named."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.labelled.errors import DataInvalid, RowInvalid
from app.labelled.files import read_content, short_name
from app.labelled.problems import Problem, refuse_mostly_broken

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

Record = tuple[str, list[str]]
"""Where a row stands (its line, or its file) and its fields."""


@dataclass(slots=True)
class LabelledTexts:
    """Texts with the label and the place (file and line) of each, in the order of the file, and what was left out."""

    texts: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


def decode(path: Path) -> str:
    """A text file as UTF-8, with or without a byte order mark; a byte that is not UTF-8 becomes a lone surrogate.

    Raises `DataInvalid` for UTF-16 and for an empty file.
    """
    content = read_content(path)
    if content.startswith(UTF16_MARKS):
        raise DataInvalid(f"expected {path} in UTF-8; received UTF-16; save it again as UTF-8")
    if not content.strip():
        raise DataInvalid(f"expected labelled texts in {path}; received an empty file")
    return content.decode("utf-8-sig", errors="surrogateescape")


def csv_records(path: Path) -> Iterator[Record | Problem]:
    """The rows of an RFC 4180 file, each with the line it starts at.

    A row with a broken quotation is a problem; reading goes on at the line after its first, so that a quotation that
    nobody closes takes no other rows along.
    """
    lines = list(io.StringIO(decode(path), newline=""))
    name, skipped = short_name(path), 0
    reader = csv.reader(lines, strict=True)
    while True:
        before = skipped + reader.line_num
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(f"{name}:{before + 1}", f"broken quotation: {error}")
            skipped = before + 1
            reader = csv.reader(map(lines.__getitem__, range(skipped, len(lines))), strict=True)
        else:
            yield f"{name}:{before + 1}", fields


def tab_records(path: Path) -> Iterator[Record | Problem]:
    """The lines of a `text<TAB>label` file; the label is what follows the last tab."""
    lines = decode(path).removesuffix("\n").split("\n")
    for number, line in enumerate(lines, start=1):
        place = f"{short_name(path)}:{number}"
        text, tab, label = line.removesuffix("\r").rpartition("\t")
        if tab:
            yield place, [text, label.strip()]
        else:
            yield Problem(place, "no tab between text and label" if line.strip() else "empty line")


def gather(
    path: Path, records: Iterable[Record | Problem], parse: Callable[[list[str]], tuple[str, str]]
) -> LabelledTexts:
    """Keep what `parse` makes (text, label) of; it raises `RowInvalid` with the reason why a row is broken.

    White space around a text is no part of it. Raises `DataInvalid` where most rows are broken, with the first of them.
    """
    rows = LabelledTexts()
    for record in records:
        if isinstance(record, Problem):
            rows.problems.append(record)
            continue
        place, fields = record
        try:
            text, label = parse(fields)
            check_text(text)
        except RowInvalid as invalid:
            rows.problems.append(Problem(f"{place}{invalid.at}", str(invalid)))
        else:
            rows.texts.append(text.strip())
            rows.labels.append(label)
            rows.places.append(place)
    refuse_mostly_broken(path, len(rows.texts), rows.problems)
    return rows


def check_text(text: str) -> None:
    """Raise `RowInvalid` for a text that is blank, or not from UTF-8."""
    if not text.strip("\ufeff\u200b \t\r\n\u3000\xa0"):
        raise RowInvalid("empty text")
    if "\x00" in text:
        raise RowInvalid("a NUL character: the file may not be UTF-8")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        byte = ord(text[error.start]) & 0xFF  # what `surrogateescape` made of it
        raise RowInvalid("bytes that are not UTF-8", at=f", byte 0x{byte:02x}") from None
