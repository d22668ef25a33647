"""What a classifier's numbers stand for, as its user names it: in a file of one label a line, or between commas."""

from pathlib import Path

from app.conversion.errors import SourceInvalid
from app.conversion.source import Source

FILE = "labels.txt"


def given_labels(given: str) -> tuple[str, ...]:
    """The labels of `--labels`: a file's lines, or what stands between commas; raises `SourceInvalid`."""
    path = Path(given)
    return _read(path) if path.is_file() else _checked([part.strip() for part in given.split(",")], "--labels")


def found_labels(source: Source) -> tuple[str, ...]:
    """The labels of a `labels.txt` in the SavedModel's folder, or beside the file; none where there is no such file."""
    folder = source.path if source.kind == "saved_model" else source.path.parent
    places = [folder / FILE, folder / "assets" / FILE]
    return next((_read(place) for place in places if place.is_file()), ())


def _read(path: Path) -> tuple[str, ...]:
    """The file's lines; empty ones at its end do not count."""
    try:
        lines = path.read_text(encoding="utf-8").rstrip().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceInvalid(f"{path} cannot be read as labels, one a line in UTF-8: {error}") from None
    return _checked([line.strip() for line in lines], str(path))


def _checked(labels: list[str], place: str) -> tuple[str, ...]:
    """The same; raises `SourceInvalid` where one is empty or stands there twice."""
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if not all(labels) or twice:
        received = f"{twice[0]!r} twice" if twice and twice[0] else "an empty one"
        raise SourceInvalid(f"{place}: expected labels that differ; received {received}")
    return tuple(labels)
