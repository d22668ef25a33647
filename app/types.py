"""The vocabulary: the protocols and frozen values that every signature uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple, NotRequired, Protocol

import numpy.typing as npt
from typing_extensions import TypedDict  # pydantic cannot read the standard one before Python 3.12

Array = npt.NDArray[Any]
"""A numpy array; its docstring or name says of what shape."""

Tensors = Mapping[str, Array]
"""Named tensors of one batch: every array's first dimension is the rows."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One input or output of a model.

    `shape` includes the rows as its first dimension; `None` marks a dimension of any size.
    `dtype` is numpy's name (`float32`, `int32`), or `string`.
    """

    name: str
    dtype: str
    shape: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """What a model takes and gives, in the model's own order."""

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]


class Priority(IntEnum):
    """How important a request is: the lowest number runs first and is shed last."""

    HIGH = 0
    NORMAL = 1
    LOW = 2


class Rows(NamedTuple):
    """What one request brings to the model: groups of rows, those of one group of equal shapes.

    `places` (rows,) says where each row of the groups, taken one group after the other, stands among the request's
    inputs; None where they are in order. Of the `cells` numbers in the tensors `padding` only fill short rows up.
    `takes_any` says that NaN and infinity are answers like others: the caller knows the tensors, and no task does.
    """

    groups: tuple[Tensors, ...]
    places: Array | None = None
    cells: int = 0
    padding: int = 0
    takes_any: bool = False


class Runtime(Protocol):
    """Runs one model on one kind of engine; used by one caller at a time."""

    def load(self, folder: Path) -> Signature:
        """Load the model that stands in `folder`; raises `ModelInvalid` where it cannot."""

    def run(self, tensors: Tensors) -> dict[str, Array]:
        """Run one batch: every input (rows, …) to every output (rows, …); raises `InferenceFailed` where it cannot."""

    def close(self) -> None:
        """Give back memory and processes; safe to call twice."""


class Classification(TypedDict):
    """A text's class: `score` is the probability of the likeliest class."""

    label: str
    score: float
    probabilities: dict[str, float]


class DigitReading(TypedDict):
    """A picture's digit, with the probability of each from 0 to 9."""

    digit: int
    score: float
    probabilities: list[float]


class TensorRow(TypedDict):
    """One row of every output, as nested lists; that of a model with labels has its class too."""

    label: NotRequired[str]
    score: NotRequired[float]
    probabilities: NotRequired[dict[str, float]]
    outputs: dict[str, Any]


Prediction = Classification | DigitReading | TensorRow


class Task(Protocol):
    """What a model's tensors mean: shared by training and serving, so that both say the same."""

    @property
    def label_key(self) -> str | None:
        """The field of a prediction that holds its class, where there is one."""

    def preprocess(self, inputs: Sequence[Any]) -> Rows:
        """Turn the caller's inputs into the model's tensors, a row each; raises `InputInvalid`."""

    def postprocess(self, outputs: Tensors) -> Sequence[Prediction]:
        """Turn the model's outputs into predictions, one per row."""


class Timing(NamedTuple):
    """Where a request's time went, in seconds."""

    preprocess: float = 0.0
    queue: float = 0.0
    infer: float = 0.0
    postprocess: float = 0.0


class ModelObserver(Protocol):
    """Is told what one model version does; metrics are its real form."""

    def batch_ran(self, rows: int) -> None:
        """A batch of so many rows ran."""

    def queue_changed(self, rows: int) -> None:
        """So many rows wait now."""

    def answered(self, timing: Timing, labels: Sequence[str]) -> None:
        """A request was answered; `labels` are its predictions' classes."""

    def cells_served(self, cells: int, padding: int) -> None:
        """An answered request's tensors held so many numbers, of which so many only filled short rows up."""

    def rejected(self, reason: str) -> None:
        """A request was turned away, for the error's code."""


class Answer(NamedTuple):
    """What the service gives for one request, predictions in the order of its inputs."""

    model: str
    version: int
    predictions: Sequence[Prediction]
    timing: Timing = Timing()


class Inference(NamedTuple):
    """What the service gives for tensors: every output (rows, …), in the order of the request's rows."""

    model: str
    version: int
    outputs: Tensors
    timing: Timing = Timing()


@dataclass(frozen=True, slots=True)
class Duration:
    """So many of something, and the seconds that they took together."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ModelStatistics:
    """A version's work: answered and failed requests, the stages of the answered ones, its rows and its batches.

    `last_answer_seconds` is the time of its last answer in seconds since 1970, 0 before the first.
    """

    name: str
    version: str
    answered: Duration
    failed: Duration
    stages: Mapping[str, Duration]
    rows: int
    batches: int
    last_answer_seconds: float


def rows_of(tensors: Tensors) -> int:
    """The number of rows that the tensors share."""
    return int(next(iter(tensors.values())).shape[0])
