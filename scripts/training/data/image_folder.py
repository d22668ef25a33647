"""A user's own images: `train/<label>/*.png` and `test/<label>/*.png` (or JPEG, WebP, BMP)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from app.errors import RequestInvalid
from app.labelled.errors import DataMissing, RowInvalid
from app.labelled.problems import Problem, refuse_mostly_broken
from app.processing.image import decode_grey, to_digit
from app.processing.mnist import SIDE
from app.types import Array
from scripts.training.data.assembly import checked
from scripts.training.data.split import hold_out
from scripts.training.data.types import Dataset, Split

TEST_SHARE = 0.1
"""Of the training images, by content, where there is no test folder."""


@dataclass(slots=True)
class LabelledImages:
    """Images (28, 28) uint8 with the label of each, in the order of their paths, and what was left out."""

    images: list[Array] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def load_image_folder(folder: Path) -> Dataset:
    """Read images through the service's own preprocessing; the folders' names, sorted, are the labels.

    Without a test folder a tenth of the images is held out. A corrupt or blank image, and one whose label the training
    part lacks, is a counted problem. Raises `DataMissing` where there is no train folder, `DataInvalid` where the
    images cannot be used.
    """
    if not (folder / "train").is_dir():
        raise DataMissing(f"{folder} lacks train/<label>/ with PNG, JPEG, WebP or BMP images")
    rows = _read(folder / "train")
    labels = tuple(sorted(set(rows.labels)))
    train, problems = _to_split(rows, labels), rows.problems
    if (folder / "test").is_dir():
        test_rows = _read(folder / "test", known=labels)
        test, problems = _to_split(test_rows, labels), problems + test_rows.problems
    else:
        train, test = hold_out(train, TEST_SHARE, salt="test")
    name = folder.resolve().name
    source = f"images in the folder {name}"
    return checked(Dataset(name, labels, train, test, "the user's own", source, tuple(problems)))


def _read(part: Path, known: tuple[str, ...] | None = None) -> LabelledImages:
    """The readable images of one part whose label is one of `known`, where that is given."""
    rows = LabelledImages()
    for path in _files(part):
        try:
            image = _read_labelled(path, known)
        except RowInvalid as invalid:
            rows.problems.append(Problem(f"{part.name}/{path.parent.name}/{path.name}", str(invalid)))
        else:
            rows.images.append(image)
            rows.labels.append(path.parent.name)
    refuse_mostly_broken(part, len(rows.images), rows.problems)
    return rows


def _read_labelled(path: Path, known: tuple[str, ...] | None) -> Array:
    if known is not None and path.parent.name not in known:
        raise RowInvalid(f"the label {path.parent.name!r} does not stand in train/")
    return read_image(path)


def read_image(path: Path) -> Array:
    """One image (28, 28) uint8, ink 255 on 0, as the service would see it; raises `RowInvalid` where it is none."""
    try:
        ink = to_digit(decode_grey(path.read_bytes()))
    except (RequestInvalid, OSError) as error:
        raise RowInvalid(str(error)) from None
    levels: Array = np.rint(ink * 255).astype(np.uint8)
    return levels


def _files(part: Path) -> Iterator[Path]:
    """What stands in the labels' folders, hidden files aside."""
    for folder in sorted(path for path in part.iterdir() if path.is_dir() and not path.name.startswith(".")):
        yield from sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _to_split(rows: LabelledImages, labels: tuple[str, ...]) -> Split:
    images = np.stack(rows.images) if rows.images else np.zeros((0, SIDE, SIDE), np.uint8)
    return Split(images, np.array([labels.index(label) for label in rows.labels], dtype=np.int64))
