"""Labelled data of any form that a model can be measured on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.labelled.columns import Columns, read_texts
from app.labelled.content import content_of, digest
from app.labelled.errors import DataInvalid, DataMissing
from app.labelled.pictures import is_idx, read_folder, read_idx_pair
from app.labelled.problems import Problem
from app.types import Array

Input = str | Path | Array
"""A text, an image file, or grey levels (height, width) uint8, ink high."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Inputs of one kind with what the file says of each: its label and its place; `problems` were left out."""

    inputs: Sequence[Input]
    labels: Sequence[str]
    places: Sequence[str]
    problems: tuple[Problem, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether the inputs are texts."""
        return isinstance(self.inputs[0], str)


def read_labelled(data: Path, columns: Columns) -> Labelled:
    """Read a table of texts, a folder of images by class, or an IDX pair; at least one row.

    Raises `DataMissing` where nothing is there, `DataInvalid` where it cannot be used.
    """
    if data.is_dir():
        folder = read_folder(data)
        return Labelled(folder.pictures, folder.labels, folder.places)
    if not data.is_file():
        raise DataMissing(f"expected a file or a folder at {data}; received none")
    if is_idx(data):
        pair = read_idx_pair(data)
        if not pair.pictures:
            raise DataInvalid(f"expected pictures in {data}; received none")
        return Labelled(pair.pictures, pair.labels, pair.places)
    rows = read_texts(data, columns)
    return Labelled(rows.texts, rows.labels, rows.places, tuple(rows.problems))


def without(rows: Labelled, other: Labelled, name: str) -> Labelled:
    """The rows whose content `other`, called `name`, does not have; the rest are problems.

    Texts are compared by their letters and digits. Raises `DataInvalid` where that leaves none.
    """
    known = {_fingerprint(item) for item in other.inputs}
    kept = [row for row, item in enumerate(rows.inputs) if _fingerprint(item) not in known]
    if not kept:
        raise DataInvalid(f"expected rows that {name} does not have; received none; is it the same file?")
    left_out = sorted(set(range(len(rows.inputs))) - set(kept))
    problems = (Problem(rows.places[row], f"{name} has it too") for row in left_out)
    return Labelled(
        [rows.inputs[row] for row in kept],
        [rows.labels[row] for row in kept],
        [rows.places[row] for row in kept],
        (*rows.problems, *problems),
    )


def _fingerprint(item: Input) -> bytes:
    """What tells equal inputs."""
    if isinstance(item, str):
        return digest(content_of(item).encode())
    return digest(item.tobytes() if isinstance(item, np.ndarray) else item.read_bytes())
