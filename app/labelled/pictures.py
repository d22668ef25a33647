"""Labelled pictures: a folder of images by class, or an IDX pair as MNIST has it."""

from dataclasses import dataclass, field
from pathlib import Path

from app.labelled.errors import DataInvalid
from app.labelled.files import locate, read_content, short_name
from app.labelled.idx import parse_idx
from app.types import Array

IMAGES, LABELS = "images-idx3", "labels-idx1"
"""What tells the two files of a pair by their names."""


@dataclass(slots=True)
class LabelledPictures:
    """Image files, or grey levels (height, width) uint8, with the label and the place of each, in order."""

    pictures: list[Path | Array] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


def is_idx(path: Path) -> bool:
    """Whether a file's name is that of IDX images or labels."""
    return IMAGES in path.name or LABELS in path.name


def read_folder(folder: Path) -> LabelledPictures:
    """The files in the folders of `folder`, whose names are the labels; hidden ones aside. They are not opened yet.

    Raises `DataInvalid` where there is none.
    """
    rows = LabelledPictures()
    classes = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    for label in classes:
        for path in sorted(path for path in label.iterdir() if path.is_file() and not path.name.startswith(".")):
            rows.pictures.append(path)
            rows.labels.append(label.name)
            rows.places.append(f"{label.name}/{path.name}")
    if not rows.pictures:
        idx = sorted(path.name for path in folder.iterdir() if IMAGES in path.name)
        hint = f"; name one of its files: {', '.join(idx)}" if idx else ""
        raise DataInvalid(f"expected images in {folder}/<label>/; received none{hint}")
    return rows


def read_idx_pair(path: Path) -> LabelledPictures:
    """The pictures of an IDX file `…images-idx3…`, with the labels of the `…labels-idx1…` beside it.

    Raises `DataInvalid` where the other is not there, or they do not have as many rows.
    """
    name = path.name.removesuffix(path.suffix) if path.suffix in {".gz", ".xz", ".zip"} else path.name
    images, labels = (
        locate(path.parent, name.replace(other, wanted)) for wanted, other in ((IMAGES, LABELS), (LABELS, IMAGES))
    )
    if images is None or labels is None:
        lacking = name.replace(LABELS, IMAGES) if images is None else name.replace(IMAGES, LABELS)
        raise DataInvalid(f"expected {lacking} beside {path}, plain or packed; received none")
    pictures, targets = (parse_idx(read_content(file)) for file in (images, labels))
    if targets.shape != pictures.shape[:1]:
        raise DataInvalid(
            f"expected as many labels in {labels} as pictures in {images}; received {list(targets.shape)} and "
            f"{list(pictures.shape)}"
        )
    places = [f"{short_name(labels)}:{row}" for row in range(1, len(targets) + 1)]
    return LabelledPictures(list(pictures), [str(target) for target in targets.tolist()], places)
