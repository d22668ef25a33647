"""What every reader gives."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.labelled.problems import Problem
from app.types import Array


@dataclass(frozen=True, slots=True)
class Split:
    """Labelled rows: `inputs` are texts, or images (rows, 28, 28) uint8, ink 255 on 0; `targets` (rows,) int64."""

    inputs: Sequence[str] | Array
    targets: Array


@dataclass(frozen=True, slots=True)
class Dataset:
    """One data set with its official (or hashed) test split; `targets` index into `labels`."""

    name: str
    labels: tuple[str, ...]
    train: Split
    test: Split
    licence: str
    source: str
    problems: tuple[Problem, ...] = field(default=())
