"""The file of answers while it is written: beside its place, locked, and to be gone on with whatever happens."""

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Any, Literal

from app.cli.prediction.output.progress import Progress, read_progress, write_progress
from app.labelled.errors import DataError, DataInvalid

Start = Literal["new", "resume", "force"]
"""From the beginning, where an interrupted run stopped, or from the beginning whatever is there."""

SAVED_SECONDS = 1.0
"""How often the progress is written; rows that came after it are asked again."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the whole file will be, and until then the part of it and the progress."""

    target: Path

    @property
    def partial(self) -> Path:
        """The rows that are there."""
        return self.target.with_name(f"{self.target.name}.partial")

    @property
    def progress(self) -> Path:
        """How many they are."""
        return self.target.with_name(f"{self.target.name}.progress")

    @property
    def is_interrupted(self) -> bool:
        """Whether a run stopped before its end."""
        return self.partial.exists() and self.progress.exists()

    def check(self, start: Start) -> None:
        """Raise `DataInvalid` where something is there that is not to be lost."""
        if start == "new" and self.target.exists():
            raise DataInvalid(f"{self.target} is there already; write it again with --force, or name another: --out")
        if start == "new" and self.is_interrupted:
            raise DataInvalid(f"a run stopped on its way to {self.target}; go on with --resume, or begin anew: --force")


class AnswerFile:
    """The rows that are written; `progress` says how many they are, and is true of the disk within a second."""

    def __init__(self, places: Places, file: IO[bytes], progress: Progress) -> None:
        self._places = places
        self._file = file
        self.progress = progress
        self._saved = monotonic()

    def write(self, content: bytes, errors: Sequence[str | None]) -> None:
        """Write rows, each with its error or None; raises `OSError` where there is no room."""
        self._file.write(content)
        self._file.flush()
        failed = [error for error in errors if error is not None]
        reasons = dict(self.progress.reasons)
        for reason in failed:
            reasons[reason] = reasons.get(reason, 0) + (1 if reason in reasons or len(reasons) < MOST_REASONS else 0)
        before = self.progress
        self.progress = Progress(
            run=before.run,
            rows=before.rows + len(errors),
            failed=before.failed + len(failed),
            bytes=before.bytes + len(content),
            reasons={reason: count for reason, count in reasons.items() if count},
        )
        if monotonic() - self._saved >= SAVED_SECONDS:
            self.save()

    def save(self) -> None:
        """Make what is written safe, and then the progress; raises `OSError`."""
        os.fsync(self._file.fileno())
        write_progress(self._places.progress, self.progress)
        self._saved = monotonic()

    def finish(self, convert: Callable[[Path, Path], None] | None) -> None:
        """Make the whole file appear; `convert` makes it of the rows where they are not yet in its format."""
        self.save()
        places = self._places
        if convert is None:
            places.partial.replace(places.target)
        else:
            made = places.target.with_name(f"{places.target.name}.whole")
            convert(places.partial, made)
            made.replace(places.target)
            places.partial.unlink()
        places.progress.unlink()


MOST_REASONS = 20
"""So many different ones are told at the end; the rows have all."""


@contextmanager
def open_answers(places: Places, start: Start, head: bytes, run: Mapping[str, Any]) -> Iterator[AnswerFile]:
    """The file, to be written from where its progress says; what is written is safe at the end, whatever it is.

    Raises `DataInvalid` where another run writes it or another one was interrupted, and `DataError` where the disk is
    full or the folder cannot be written.
    """
    try:
        with _opened(places, start, head, run) as answers:
            try:
                yield answers
            except BaseException:
                with suppress(OSError):  # of a full disk, that is: what was saved last is good
                    answers.save()
                raise
    except OSError as error:
        raise DataError(f"cannot write {places.target}: {error.strerror}; then go on with --resume") from None


@contextmanager
def _opened(places: Places, start: Start, head: bytes, run: Mapping[str, Any]) -> Iterator[AnswerFile]:
    """The partial file, cut to what the progress knows of."""
    goes_on = start == "resume" and places.is_interrupted
    with places.partial.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataInvalid(f"another run writes {places.target} now; wait for it, or name another: --out") from None
        progress = read_progress(places.progress, run) if goes_on else Progress(run, bytes=len(head))
        size = os.fstat(file.fileno()).st_size
        if goes_on and size < progress.bytes:
            raise DataInvalid(f"{places.partial} lacks rows that were written; begin again with --force")
        os.ftruncate(file.fileno(), progress.bytes if goes_on else 0)
        if not goes_on:
            file.write(head)
            file.flush()
        answers = AnswerFile(places, file, progress)
        answers.save()
        yield answers
