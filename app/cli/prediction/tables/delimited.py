"""CSV as RFC 4180 has it, and TSV, in which nothing is quoted."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from app.cli.prediction.tables.chunk import Chunk, Row, in_chunks
from app.cli.prediction.tables.lines import Line, Lines
from app.labelled.errors import DataInvalid

Fields = tuple[list[str], str]
"""A row's fields, and what is wrong with them."""


class DelimitedTable(Lines):
    """A table whose first line names its columns."""

    def __init__(self, path: Path, *, is_quoted: bool) -> None:
        super().__init__(path)
        self._records = _quoted(iter(self)) if is_quoted else _plain(iter(self))
        with ExitStack() as stack:
            stack.callback(self.close)
            self.columns = _names(path, *next(self._records, ([], "it is empty")))
            stack.pop_all()

    def chunks(self, skip: int) -> Iterator[Chunk]:
        """All rows but the first `skip`, once; empty lines are none."""
        return in_chunks((self._row(*record) for record in self._records), skip)

    def _row(self, fields: Sequence[str], problem: str) -> Row:
        """A record as a row; one with another number of fields keeps those that have a column."""
        found = dict(zip(self.columns, fields, strict=False))
        if not problem and len(fields) != len(self.columns):
            problem = f"expected {len(self.columns)} columns; received {len(fields)}"
        return Row(found, problem)


def _names(path: Path, names: Sequence[str], problem: str) -> tuple[str, ...]:
    """The columns' names; raises `DataInvalid` where there are none, or one stands there twice."""
    if problem:
        raise DataInvalid(f"expected names of columns in the first line of {path}; {problem}")
    columns = tuple(name.strip() for name in names)
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise DataInvalid(f"expected columns of different names in {path}; received {twice[0]!r} twice")
    return columns


class _Replayed(Iterator[str]):
    """Lines for the csv module, which can be given back where a quotation turns out to be nobody's."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self.taken: list[Line] = []

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        return line.text

    def give_back(self) -> None:
        """Let all lines come again but the first of those that were taken."""
        self._again.extendleft(reversed(self.taken[1:]))


def _quoted(lines: Iterator[Line]) -> Iterator[Fields]:
    """The records of CSV; after a broken quotation reading goes on at the next line: it takes no other row along."""
    replayed = _Replayed(lines)
    reader = csv.reader(replayed, strict=True)
    while True:
        replayed.taken.clear()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            first = replayed.taken[0]
            replayed.give_back()
            reader = csv.reader(replayed, strict=True)
            yield [], f"line {first.number}: broken quotation ({error})"
        else:
            problem = next((line.problem for line in replayed.taken if line.problem), "")
            if fields or problem:
                yield fields, problem


def _plain(lines: Iterator[Line]) -> Iterator[Fields]:
    """The records of TSV."""
    for line in lines:
        text = line.text.rstrip("\r\n")
        if text or line.problem:
            yield text.split("\t"), line.problem
