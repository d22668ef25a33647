"""What predictions give: frozen values, each with the model that answered and where the time went."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Timing:
    """Where the server spent the time of the request that a prediction came with, in seconds.

    Zero where a proxy took the `Server-Timing` header away.
    """

    queue: float = 0.0
    preprocess: float = 0.0
    infer: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Origin:
    """What answered; predictions that came with one request share it."""

    model: str
    version: int
    timing: Timing
    request_id: str


class Answered:
    """What predictions and explanations have: who answered."""

    __slots__ = ()
    origin: Origin

    @property
    def model(self) -> str:
        """The model that answered."""
        return self.origin.model

    @property
    def version(self) -> int:
        """Its version."""
        return self.origin.version


@dataclass(frozen=True, slots=True)
class _Prediction(Answered):
    """What every prediction has."""

    origin: Origin

    @property
    def timing(self) -> Timing:
        """Where the time of the whole request went."""
        return self.origin.timing


@dataclass(frozen=True, slots=True)
class Classification(_Prediction):
    """A text's class; `score` is the probability of the likeliest class."""

    label: str
    score: float
    probabilities: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class DigitReading(_Prediction):
    """A picture's digit, with the probability of each from 0 to 9."""

    digit: int
    score: float
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TensorRow(_Prediction):
    """One row of every output, as nested lists; its class too, where the model has labels."""

    outputs: Mapping[str, Any]
    label: str | None = None
    score: float | None = None
    probabilities: Mapping[str, float] | None = None


Prediction: TypeAlias = Classification | DigitReading | TensorRow
